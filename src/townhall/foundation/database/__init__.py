"""PostgreSQL: started here when nobody else runs one, and kept honest by two roles.

`cluster` starts and stops an embedded server and never leaves one behind.
`roles` keeps owner (migrates) and application (everything else) apart, so that
row-level security and append-only tables bind the application itself.
`scope` opens the transaction in which one actor works; `policies` writes the
row-level security that reads it; `identifiers` makes ordered opaque ids.
"""
