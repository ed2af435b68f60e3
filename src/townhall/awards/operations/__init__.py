"""The use cases of this room, by who asks."""

from townhall.awards.operations.adjusting import react
from townhall.awards.operations.beginning import begin
from townhall.awards.operations.offers import accept as accept_offer
from townhall.awards.operations.offers import decline as decline_offer
from townhall.awards.operations.offers import my_offers
from townhall.awards.operations.paying import pay_due
from townhall.awards.operations.ruling import rule
from townhall.awards.operations.showing import my_award, my_awards, waiting, waiting_change

__all__ = [
    "accept_offer",
    "begin",
    "decline_offer",
    "my_award",
    "my_awards",
    "my_offers",
    "pay_due",
    "react",
    "rule",
    "waiting",
    "waiting_change",
]
