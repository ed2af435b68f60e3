"""One process tree: every child dies with its parent, none is left behind.

`lifeline` starts a child that the kernel ends when its parent dies.
`processes` keeps the children of `townhall up` running: prefixed logs,
restart with back-off, stop in reverse order. `starting` is the order in which
a town hall comes up, and `probes` is what `townhall up --check` asks of it.
"""
