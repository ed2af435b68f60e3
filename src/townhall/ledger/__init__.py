"""Tamper-evident logs, the witnesses that watch them, and proofs a citizen can keep.

Each register has a log of its own: a Merkle tree of entries, served as static tiles.
Independent agencies keep a copy, replay the register's rules and cosign; an entry is
final once a quorum of them has signed a checkpoint that contains it. The operator can
delay, never rewrite. No entry holds personal data: a log keeps commitments, and whoever
owns the data opens them.

    engine/     the formats and the rules, pure (C2SP tlog, RFC 6962)
    log/        the durable files of one log; no Django, for operator and mirror
    witness/    the process of a witness, and how it is asked; no Django
    operator/   keys, sequencer and finality: how entries get from the queue to the public
    models/     the queue, the openings, and what the operator believes; proof of nothing

Other rooms call `operations` (submit, erase) and `receipts`, in jobs that react to events
and never in the transaction of the business itself. Start reading there, then
`operator/sequencer` and `operator/finality`, then `engine/checking`.
"""
