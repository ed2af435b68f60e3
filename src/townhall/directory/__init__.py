"""The one-stop list: which authority gives which local service, and where it is had.

Townhall gives its own services; this room knows where all the others are. A resident finds
their council, sees every service of a council and of the county above it, or picks a service
and sees it for every council in the land.

Promises: every row says where it comes from and under which licence; what the source no longer
lists is shown as such, not dropped; an address is "last known" on a day and is never fetched.

Start with `councils`, which reads the files as they are (pure); `models` keeps what was read,
`operations` answers. A new list replaces the old one in one transaction.
"""
