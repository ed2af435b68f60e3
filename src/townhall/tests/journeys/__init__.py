"""Journeys: what people do in a real browser, from the first page to the letter in their hands."""
