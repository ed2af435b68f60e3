"""Pages of officers: the worklist, one case with its evidence, and what can be done with it."""
