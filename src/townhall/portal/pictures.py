"""Which icon stands beside a life event or a service: chosen by the words in its key."""

from __future__ import annotations

_ICONS = {
    "child": "baby", "baby": "baby", "birth": "baby",
    "moving": "moving", "home": "home", "house": "home", "housing": "home",
    "vote": "vote", "voting": "vote", "election": "vote", "part": "vote",
    "parking": "car", "permit": "car", "driving": "car", "getting": "car", "towing": "car",
    "vehicle": "car",
    "street": "road", "road": "road", "problem": "road",
    "sick": "stethoscope", "ill": "stethoscope", "health": "stethoscope", "care": "heart",
    "work": "briefcase", "job": "briefcase", "business": "briefcase",
    "school": "graduation", "learning": "graduation", "study": "graduation",
    "death": "leaf", "bereavement": "leaf", "waste": "recycle", "rubbish": "recycle",
    "money": "money", "benefit": "money", "tax": "money", "pay": "money",
    "pension": "money", "retiring": "money", "credit": "money",
    "law": "law", "appeal": "law", "marriage": "heart",
}  # fmt: skip
_COLOURS = ("accent", "highlight", "info", "success")


def icon_for(*keys: str, otherwise: str = "document") -> str:
    """Return the icon of the first word that has one, looking at all keys in turn."""
    for key in keys:
        for word in key.replace("_", "-").split("-"):
            if word in _ICONS:
                return _ICONS[word]
    return otherwise


def colour_at(position: int) -> str:
    """Return the colour of a card by its place in a row of cards."""
    return _COLOURS[position % len(_COLOURS)]
