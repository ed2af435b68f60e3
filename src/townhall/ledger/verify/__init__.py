"""`townhall verify FILE`: check a receipt on one's own machine, with nothing but this program."""
