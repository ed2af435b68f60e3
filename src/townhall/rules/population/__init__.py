"""Reforms tried on populations by policy officers: runs that are kept, and the command.

What a run is and who may see it stands in `runs` (and its table in
`townhall.rules.models`), the work behind it in `jobs`. All of the arithmetic is in
`townhall.rules.simulation`, which knows no database.

Promises: a population that somebody uploads is read once and then deleted; a run
is seen by the officers of the agency that began it, and holds sums over groups,
never a row about a person.
"""
