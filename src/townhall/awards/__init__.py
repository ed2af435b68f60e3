"""Awards: what is paid in periods for as long as the law says so, and adjusts itself.

A case that ends in a grant of a service with an `award:` section begins an award.
It keeps the answers of the case, and what registers said, as facts over time:
each version has the days on which it holds (valid time) and a place in the
order in which it became known (known time). No version is ever changed.

When a register reports a change of a fact that an award rests on, exactly that
award is assessed again, for the periods from the day on which the change holds.
What was paid already and what the law now gives are compared period by period:
more is paid as arrears, less is an overpayment. The assessment keeps both
explanations. A change of more than the definition's `wait_over` in all waits for
an officer, and so does one whose result a machine cannot settle.

Promises: nothing past is edited; the sum of an award's entries for a period is
what the last applied assessment says; two late facts give the same end in either
order; the same event twice does nothing the second time.

Start reading at `engine/adjusting.py`, then `operations/adjusting.py`.
"""
