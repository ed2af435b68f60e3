"""Measurements against a named peer or a measured limit; see `__main__`."""
