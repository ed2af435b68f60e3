"""Rendering of letters: `letter.typ` and the code that hands it its data."""
