"""A witness: a process of its own that watches logs, keeps copies, and cosigns.

It promises three things. It never vouches for two histories of one log, through any
crash and any race. It keeps every entry, and vouches for a copy only when the
register's rules hold for all of it. And it tells people in plain words when a log
contradicts itself, with evidence that convinces anybody.

One promise it asks of its operator: a witness that lost its state is retired, never
restored from a backup.

Start reading in `service`; `state` and `generation` are what it must not forget,
`copies` is the mirror, `observing` makes the alarms, `alarms` and `broken` are what it
keeps for people and for a successor, `web` is HTTP. The operator of a log uses `client`.
Settings are described in `settings`, starting in `__main__`.
"""
