"""Words in two languages, and the dated rates of the family book."""

from __future__ import annotations


def both(en: str, cy: str) -> dict[str, str]:
    """Return the words in English and in Welsh."""
    return {"en": en, "cy": cy}


RATES = {
    "tax_year.start": {
        "unit": "date",
        "cite": "ITA 2007 s.4(2)",
        "yearly": "yes",
        "values": {
            "2024-04-06": "2024-04-06",
            "2025-04-06": "2025-04-06",
            "2026-04-06": "2026-04-06",
        },
    },
    "child_benefit.eldest": {
        "title": "Child Benefit a week for the eldest or only child",
        "unit": "GBP/week",
        "cite": "SI 2006/965 reg. 2(1)(a)",
        "until": "2027-04-06",
        "values": {"2024-04-06": "25.60", "2025-04-06": "26.05", "2026-04-06": "27.05"},
    },
    "child_benefit.other": {
        "title": "Child Benefit a week for each other child",
        "unit": "GBP/week",
        "cite": "SI 2006/965 reg. 2(1)(b)",
        "until": "2027-04-06",
        "values": {"2024-04-06": "16.95", "2025-04-06": "17.25", "2026-04-06": "17.90"},
    },
    "charge.threshold": {
        "unit": "GBP/year",
        "cite": "ITEPA 2003 s.681B(1)",
        "values": {"2013-01-07": 50000, "2024-04-06": 60000},
    },
    "charge.step": {
        "unit": "GBP/year",
        "cite": "ITEPA 2003 s.681C(2)",
        "values": {"2013-01-07": 100, "2024-04-06": 200},
    },
    "tax.allowance": {"unit": "GBP/year", "cite": "ITA 2007 s.35", "values": {"2021-04-06": 12570}},
    "tax.taper_from": {
        "unit": "GBP/year",
        "cite": "ITA 2007 s.35(2)",
        "values": {"2010-04-06": 100000},
    },
    "tax.basic": {"unit": "%", "cite": "ITA 2007 s.6", "values": {"2008-04-06": 20}},
    "tax.higher": {"unit": "%", "cite": "ITA 2007 s.6", "values": {"2008-04-06": 40}},
    "tax.additional": {"unit": "%", "cite": "ITA 2007 s.6", "values": {"2013-04-06": 45}},
    "tax.higher_from": {
        "unit": "GBP/year",
        "cite": "ITA 2007 s.10",
        "values": {"2021-04-06": 37700},
    },
    "tax.additional_from": {
        "unit": "GBP/year",
        "cite": "ITA 2007 s.10",
        "values": {"2023-04-06": 125140},
    },
    "heating.sum": {
        "title": "Heating grant",
        "unit": "GBP/year",
        "cite": "Heating Act s.2",
        "values": {
            "2020-04-06": {"england": 200, "scotland": 250, "wales": 300},
            "2026-01-01": {"england": 210, "scotland": 250, "wales": 310},
        },
    },
    "heating.limit": {
        "unit": "GBP/year",
        "cite": "Heating Act s.3",
        "values": {"2020-04-06": 35000},
    },
}
