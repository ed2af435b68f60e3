"""The durable files of one tamper-evident log, for its operator and for every mirror.

What is acknowledged stays: an entry has its index once `Log.append` returns, and
keeps it through a killed process, a power cut and a full disk. What is published
never shrinks and never contradicts what was signed before. A damaged byte is
found before the next signature, and said where it lies and what to do.

Below `public/` lie exactly the files of C2SP tlog-tiles, so that any web server
can serve a log:

====================  ==========================================================
`public/checkpoint`   the published checkpoint, a signed note
`public/tile/…`       hash tiles and bundles of entries
`checkpoint.signed`   the newest checkpoint that may have left the house
`integrated`          how far entries lie in tiles, whatever the signatures
`journal/`            acknowledged entries that do not lie in tiles yet
`log`                 what log this is
`lock`                held by the one process that writes
====================  ==========================================================

Start reading in `log`; `journal` and `files` are what durability rests on,
`recovery` is what happens when a log is opened, `reading` needs no lock.
"""
