"""The tables of this room, one file a concept; only these files write them."""

from townhall.awards.models.accounts import Entry
from townhall.awards.models.assessments import Assessment, Ruling
from townhall.awards.models.awards import Award
from townhall.awards.models.facts import FactVersion, Watch
from townhall.awards.models.offers import Offer

__all__ = ["Assessment", "Award", "Entry", "FactVersion", "Offer", "Ruling", "Watch"]
