"""One situation, exactly: programs on Decimals, and bounds where facts are not known."""
