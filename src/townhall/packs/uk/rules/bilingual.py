"""Words of the rules in both languages of the pack."""


def both(en: str, cy: str) -> dict[str, str]:
    """Return the words in English and in Welsh."""
    return {"en": en, "cy": cy}
