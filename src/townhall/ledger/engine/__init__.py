"""The pure part of the ledger: trees, proofs, signed notes, policies and replay.

Bytes in, values out: no Django, no clock, no network and no files. The formats
are those of C2SP (signed-note, tlog-checkpoint, tlog-tiles, tlog-cosignature,
tlog-witness, tlog-mirror, tlog-policy, tlog-proof), so that software which is
not ours can check everything that the town hall publishes.

Read `hashing`, `tree` and `proofs` first; then `notes`, `checkpoints` and
`policy`; then `receipts`, which is what a citizen holds in the hand, and `compact`,
which is how it fits on paper.
"""
