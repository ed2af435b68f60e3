"""Service definitions as values: compile, check, interview, assess, move, test.

Pure Python: no Django, no clock, no network. Start with `definition` (what a
definition is), then `compiler` (how a file becomes one) and `situation` (what
is known about one application). The other modules answer one question each:
`interview` what is still to ask, `assessment` what follows, `flow` where a case
goes, `deadlines` by when, `guidance` what applies to me, `letters` what we
write, `testing` whether the file keeps its own promises, `diff` what a new
version changes.
"""
