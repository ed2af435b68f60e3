"""Functions that the pack's definitions may call: each module lists its own as ``FUNCTIONS``."""
