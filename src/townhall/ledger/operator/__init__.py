"""The operator's side of the log: keys, the sequencer, and the way to a final checkpoint.

    database queue -> index given, committed -> journal of the log, synced
    -> tiles -> signed -> cosigned by a quorum -> published

- The database commits an entry with its index before the log's files hold it. What a
  crash left out between the two is appended again from the database, byte for byte.
- One process gives indices: it holds an advisory lock. Everything after that repeats safely.
- A log whose files are older or newer than the database is not continued silently: the
  difference is mended where the one proves the other right, and refused otherwise.

Start reading at `sequencer`, then `finality`.
"""
