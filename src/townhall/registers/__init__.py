"""Registers: authoritative facts about people and things, over time.

An *entry* is a subject (a person, a vehicle) in one register; a *fact* is a
value of one kind about it, with the period `[valid_from, valid_to)` in which it
holds and the moment at which it was recorded (two times, never mixed). A
correction supersedes; nothing is overwritten or deleted.

Promises:

- every entry and fact carries the `person_id` of the person it is about (a
  vehicle carries its keeper's);
- the application role has no right at all on these tables. It writes through
  `registers_write`, and reads only through the gate of `exchange`, which
  journals each read in the same transaction;
- a changed fact is the event `register.fact_changed` in the same transaction;
- two facts of one kind about one entry never hold at the same time (an
  exclusion constraint, so also against two officers at once).

What kinds of facts there are, a pack says. Start reading at `operations`.
"""
