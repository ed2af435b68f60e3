"""Jurisdictions: everything that one country or city does its own way.

The house knows no country; a pack knows no Django. Each folder here is a pack with a
``pack.yaml`` that `townhall.catalogue` loads.
"""
