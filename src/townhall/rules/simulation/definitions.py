"""What each figure is, in words; the page, the command and the downloads say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WEEKS: Final = 52
A_POUND: Final = 1.0
"""Pounds a week from which on a household counts as having won or lost."""

POVERTY_SHARE: Final = 0.6
FIRST_ADULT, FURTHER, CHILD = 1.0, 0.5, 0.3
"""The modified OECD scale: the first adult, everybody else from 14 on, and younger children."""
GROWN: Final = 14

Words = Mapping[str, str]

DEFINITIONS: Final[Mapping[str, Words]] = {
    "net_income": {
        "en": "Net income of a household in a year, before housing costs: all income of its "
        "members, with benefits, less tax, National Insurance and pension contributions. "
        "An amount a week counts 52 times, an amount a month 12 times.",
        "cy": "Incwm net cartref mewn blwyddyn, cyn costau tai: holl incwm ei aelodau, gyda "
        "budd-daliadau, llai treth, Yswiriant Gwladol a chyfraniadau pensiwn. Mae swm yr wythnos "
        "yn cyfrif 52 gwaith, a swm y mis 12 gwaith.",
    },
    "cost": {
        "en": "The amounts of everybody in a year, added up. With weights, each household counts "
        "for as many as it stands for. Everybody who is entitled is taken to claim, unless "
        "the data say that they do not.",
        "cy": "Symiau pawb mewn blwyddyn, wedi'u hadio. Gyda phwysau, mae pob cartref yn cyfrif "
        "am gynifer ag y mae'n eu cynrychioli. Cymerir bod pawb sydd â hawl yn hawlio, oni bai "
        "bod y data'n dweud nad ydynt.",
    },
    "public_purse": {
        "en": "What all households together have more a year costs the public purse, and what "
        "they have less it saves. People are taken to earn and spend as before.",
        "cy": "Mae'r hyn sydd gan bob cartref gyda'i gilydd yn fwy mewn blwyddyn yn costio i'r "
        "pwrs cyhoeddus, ac mae'r hyn sydd ganddynt yn llai yn arbed. Cymerir bod pobl yn ennill "
        "ac yn gwario fel o'r blaen.",
    },
    "equivalised": {
        "en": "Net income of the household divided by its needs on the modified OECD scale: 1 for "
        "the first adult, 0.5 for everybody else who is 14 or older, 0.3 for each younger child.",
        "cy": "Incwm net y cartref wedi'i rannu â'i anghenion ar raddfa ddiwygiedig yr OECD: 1 i'r "
        "oedolyn cyntaf, 0.5 i bawb arall sy'n 14 oed neu'n hŷn, 0.3 i bob plentyn iau.",
    },
    "decile": {
        "en": "All people in the order of their equivalised net income before the reform, cut "
        "into ten groups of the same size; 1 has the least.",
        "cy": "Pawb yn nhrefn eu hincwm net cyfwerth cyn y diwygiad, wedi'u torri'n ddeg grŵp o'r "
        "un maint; gan 1 y mae'r lleiaf.",
    },
    "winners": {
        "en": "Share of people in households whose net income rises, or falls, by more than £1 a "
        "week.",
        "cy": "Cyfran y bobl mewn cartrefi y mae eu hincwm net yn codi, neu'n gostwng, dros £1 yr "
        "wythnos.",
    },
    "mean_change": {
        "en": "Change of net income of the group's households, divided by their number and by 52 "
        "weeks.",
        "cy": "Newid yn incwm net cartrefi'r grŵp, wedi'i rannu â'u nifer ac â 52 wythnos.",
    },
    "household_type": {
        "en": "Pensioner: of a family in which an adult has reached State Pension age. Children: "
        "those for whom a family is responsible. Several families: people who share a home "
        "and are no couple, such as grown children with their parents.",
        "cy": "Pensiynwr: o deulu lle mae oedolyn wedi cyrraedd oedran Pensiwn y Wladwriaeth. "
        "Plant: y rhai y mae teulu'n gyfrifol amdanynt. Sawl teulu: pobl sy'n rhannu cartref ac "
        "nad ydynt yn gwpl, fel plant sydd wedi tyfu gyda'u rhieni.",
    },
    "poverty": {
        "en": "Share of people whose equivalised net income, before housing costs, is below 60 % "
        "of the median of all people. Before and after are each held against their own median.",
        "cy": "Cyfran y bobl y mae eu hincwm net cyfwerth, cyn costau tai, islaw 60 % o ganolrif "
        "pawb. Mesurir cyn ac ar ôl yn erbyn eu canolrif eu hunain.",
    },
    "poverty_fixed": {
        "en": "The same, but after the reform held against the line from before it.",
        "cy": "Yr un peth, ond ar ôl y diwygiad yn erbyn y llinell o'r cyfnod cyn hynny.",
    },
    "poverty_children": {
        "en": "The same share, of children for whom a family is responsible.",
        "cy": "Yr un gyfran, o blant y mae teulu'n gyfrifol amdanynt.",
    },
}

TYPES: Final[Mapping[str, Words]] = {
    "single": {"en": "One adult, no children", "cy": "Un oedolyn, dim plant"},
    "couple": {"en": "Couple, no children", "cy": "Cwpl, dim plant"},
    "lone_parent": {"en": "One adult with children", "cy": "Un oedolyn gyda phlant"},
    "couple_with_children": {"en": "Couple with children", "cy": "Cwpl gyda phlant"},
    "single_pensioner": {"en": "One pensioner", "cy": "Un pensiynwr"},
    "couple_pensioners": {"en": "Pensioner couple", "cy": "Cwpl o bensiynwyr"},
    "several_families": {"en": "Several families", "cy": "Sawl teulu"},
}
"""Kinds of households, in the order in which they are shown."""
