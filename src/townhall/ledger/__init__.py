"""Tamper-evident logs, the witnesses that watch them, and proofs a citizen can keep.

Each register has a log of its own: a Merkle tree of entries, served as static
tiles. Independent agencies keep a copy, replay the register's rules and cosign;
an entry is final once a quorum of them has signed a checkpoint that contains it.
The operator can delay, never rewrite. No entry holds personal data: a log keeps
commitments, and whoever owns the data opens them.

Start reading in `engine/`, which is pure; `operations` is what other rooms call.
"""
