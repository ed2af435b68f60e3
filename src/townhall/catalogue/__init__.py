"""Service definitions: described once, checked, published, found.

A public service is one YAML file. `engine/` compiles it into an immutable value
named by the hash of its content, and answers every question about it without a
database: what is still to ask, what follows, where a case goes, by when, what a
letter says, whether the file's own tests pass, what a new version changes.

Promises: a definition with an error, a failing test or a stale version number
never goes live, and the old one goes on; a published version is never changed
or deleted; drafts and cases find the version they are pinned to for as long as
they live; every service is found in the resident's own words.

Start reading at `engine/definition.py`, then `engine/compiler`, then
`operations`. The format is described in `docs/reference/definition.md`.
"""
