"""The cellar: what every room stands on, and nothing that names a public service.

`database` starts PostgreSQL, keeps the two roles apart and opens scopes;
`jobs` is the queue, `events` the append-only memory, `files` the store of
documents, `text` languages and formats, `web` what every request passes
through, `supervisor` the process tree, `settings` the one typed place for
configuration, `acting` the answer to "who does this, and for whom".

Promise: if a word in here names a case, a benefit or a permit, it is in the
wrong room.
"""
