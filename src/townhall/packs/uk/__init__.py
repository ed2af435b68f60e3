"""The pack of the United Kingdom: services, law, dated rates, registers and a demo borough.

Everything that is British stands here and nowhere else in the house. A pack knows no Django and
nothing of the rooms but the types of the two engines.

`pack.yaml` names what there is; read it first. ``services/`` holds one file a service,
``parameters/`` the dated rates with the law behind each, ``rules/`` law too long for an
expression (pure Python), ``functions/`` what definitions may call of it, ``borough*`` the
invented Borough of Wrenford with its residents, and ``data/`` figures and lists taken from
public sources, each with its licence beside it.
"""
