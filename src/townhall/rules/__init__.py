"""Rules: law as code, and the one expression language of the house.

What it promises: one source per rule; every result shows the dated rate and the
fact behind it; a fact that is not known is never a zero and never a "no"; the
same values give the same result on every machine and in every year.

`engine` is pure: no Django, no clock, no network, no random numbers. It reads an
expression into a typed graph (`parser`, `check`, `graph`), evaluates it in
three-valued logic with exact decimals (`interpreter`), and explains the result
in words (`explain`). The graph is data, so that further readers of it, such as
intervals, columns of a whole population or SQL, need nothing else.

Start reading at `engine/expression.py`, then `engine/primitives.py` for what
unknown and absent mean.
"""
