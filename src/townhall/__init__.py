"""Townhall: a digital town hall that a city, a region or a country can run.

Every folder in here is a room; `docs/explanation/architecture.md` is the plan
of the house. Start reading at `catalogue` (a public service is described once)
and follow a request into `cases`.
"""

__version__ = "0.1.0"
