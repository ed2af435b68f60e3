"""PostgreSQL for the whole house: one database, two roles, and proof that it is ours alone.

`cluster` runs the PostgreSQL that comes inside a wheel, `binaries` finds (or
copies) its programs, `folder` owns everything that lies in and beside the data
folder, `roles` makes the two roles. `backup` writes and reads one archive.
`scope` says for whom a transaction runs, `policies` makes row-level security,
`identifiers` makes keys.

Promises: nobody but the user who started it can connect (peer authentication,
no TCP); a server never outlives the process that started it; the mode of no
folder above the data folder is ever changed; a second start on the same data
is refused.
"""
