"""Exchange: who may read what about a person, and the journal of who did.

Promise to residents: no read of a personal fact without a journal line that
they can see. Both happen in one SQL function, the *gate*, in one transaction:
check the ticket, read the facts, write the lines, hand the facts over.

- The right to read is a *ticket*: a short-lived row, made for a step of a case,
  that names the person, the case, the purpose and the kinds of facts. Nobody
  makes one by hand, and one for purpose A never reads for purpose B. A ticket
  outside any service (*What can I get?*) is made for nobody but the person it
  is about: no officer, no representative and no rule has such a question.
- The application role can select neither facts nor tickets, and can only add to
  the journal through the gate's functions; it cannot change or remove a line.
- A reading has four outcomes: found, none, unavailable, refused. A refusal is an
  outcome and not an error, because an error would roll its journal line back.
- A person sees the lines about themselves; officers see nobody's journal.

Start reading at `operations`, then `migrations/0001_gate.sql`.
"""
