"""What a file is told that cannot be used, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # cells
    "empty": (
        "It is empty. Write a value, or leave out the whole column and have the usual value taken.",
        "Mae'n wag. Ysgrifennwch werth, neu gadewch y golofn gyfan allan a chymerir y gwerth "
        "arferol.",
    ),
    "low": (
        "{value} is too low; the least is {limit}.",
        "Mae {value} yn rhy isel; y lleiaf yw {limit}.",
    ),
    "high": (
        "{value} is too high; the most is {limit}.",
        "Mae {value} yn rhy uchel; y mwyaf yw {limit}.",
    ),
    "early": (
        "{value} is too early; the first day that can be is {limit}.",
        "Mae {value} yn rhy gynnar; y diwrnod cyntaf a all fod yw {limit}.",
    ),
    "late": (
        "{value} is too late; the last day that can be is {limit}.",
        "Mae {value} yn rhy hwyr; y diwrnod olaf a all fod yw {limit}.",
    ),
    "yes_no": (
        "“{value}” cannot be used. Write yes or no.",
        "Ni ellir defnyddio “{value}”. Ysgrifennwch yes neu no.",
    ),
    "date": (
        "“{value}” cannot be used. Write a date as 2026-04-06.",
        "Ni ellir defnyddio “{value}”. Ysgrifennwch ddyddiad fel 2026-04-06.",
    ),
    "choice": (
        "“{value}” cannot be used. It is one of {options}; the mapping can say what means which.",
        "Ni ellir defnyddio “{value}”. Mae'n un o {options}; gall y mapio ddweud beth sy'n golygu "
        "pa un.",
    ),
    "number": (
        "“{value}” cannot be used. Write a number as 1234.50, without signs for thousands or a "
        "currency.",
        "Ni ellir defnyddio “{value}”. Ysgrifennwch rif fel 1234.50, heb arwyddion miloedd nac "
        "arian.",
    ),
    # rows and families
    "no_id": ("It is empty. Write an id.", "Mae'n wag. Ysgrifennwch ddynodwr."),
    "id_twice": (
        "The same id stands in row {row} already.",
        "Mae'r un dynodwr yn rhes {row} eisoes.",
    ),
    "other_home": (
        "The family has another household in row {row}; a family lives in one.",
        "Mae gan y teulu gartref arall yn rhes {row}; mae teulu'n byw mewn un.",
    ),
    "adults": (
        "The family that begins here has {number} adults; it has one or two.",
        "Mae gan y teulu sy'n dechrau yma {number} oedolyn; mae ganddo un neu ddau.",
    ),
    "not_same_family": (
        "It is not the same as in row {row}; it belongs to the family, and all its members have "
        "one.",
        "Nid yw'r un fath ag yn rhes {row}; mae'n perthyn i'r teulu, ac un sydd gan ei holl "
        "aelodau.",
    ),
    "not_same_household": (
        "It is not the same as in row {row}; it belongs to the household, and all its members "
        "have one.",
        "Nid yw'r un fath ag yn rhes {row}; mae'n perthyn i'r cartref, ac un sydd gan ei holl "
        "aelodau.",
    ),
    "before": (
        "The day lies before that in “{column}”.",
        "Mae'r diwrnod cyn yr un yn “{column}”.",
    ),
    "after": (
        "The day lies after that in “{column}”.",
        "Mae'r diwrnod ar ôl yr un yn “{column}”.",
    ),
    "no_weight": ("Nobody has a weight above 0.", "Nid oes gan neb bwysau uwchlaw 0."),
    "row_width": (
        "The row has {cells} cells, but the heading has {width}.",
        "Mae gan y rhes {cells} cell, ond mae gan y pennawd {width}.",
    ),
    "row_empty": ("The row is empty. Take it out.", "Mae'r rhes yn wag. Tynnwch hi allan."),
    "row_unreadable": (
        "The row cannot be read: {reason}.",
        "Ni ellir darllen y rhes: {reason}.",
    ),
    "not_utf8_from_here": (
        "From about here on, the file is no text in UTF-8.",
        "O tua'r fan hon ymlaen, nid testun UTF-8 yw'r ffeil.",
    ),
    # columns
    "column_missing": (
        "The column is missing. Add it, or say in the mapping which column it is.",
        "Mae'r golofn ar goll. Ychwanegwch hi, neu dywedwch yn y mapio pa golofn yw hi.",
    ),
    "no_usual": (
        "The column is missing, and there is no usual value. Add it, or say in the mapping which "
        "column it is or what is the same for all.",
        "Mae'r golofn ar goll, ac nid oes gwerth arferol. Ychwanegwch hi, neu dywedwch yn y mapio "
        "pa golofn yw hi neu beth sydd yr un fath i bawb.",
    ),
    "usual": (
        "The column is missing. Add it, or agree to the usual value ({usual}).",
        "Mae'r golofn ar goll. Ychwanegwch hi, neu cytunwch i'r gwerth arferol ({usual}).",
    ),
    "column_twice": ("The column is there twice.", "Mae'r golofn yno ddwywaith."),
    "mapped_from_nowhere": (
        "The mapping takes “{fact}” from this column, but the file has none.",
        "Mae'r mapio'n cymryd “{fact}” o'r golofn hon, ond nid yw yn y ffeil.",
    ),
    "no_fact": (
        "“{fact}” is no fact of a person, family or household.",
        "Nid yw “{fact}” yn ffaith am berson, teulu na chartref.",
    ),
    "same_no_fact": (
        "The mapping gives it to everybody, but it is no fact.",
        "Mae'r mapio'n ei roi i bawb, ond nid yw'n ffaith.",
    ),
    "nearly": (
        "Is it “{fact}”? Call it that, or name it in the mapping, or take it out.",
        "Ai “{fact}” ydyw? Galwch hi felly, neu enwch hi yn y mapio, neu tynnwch hi allan.",
    ),
    # the file as a whole
    "too_many_rows": (
        "The file has more than {most} rows, which is the most.",
        "Mae gan y ffeil fwy na {most} rhes, sef y mwyaf.",
    ),
    "nobody": (
        "There is nobody in the file: it has a heading and no rows.",
        "Nid oes neb yn y ffeil: mae ganddi bennawd a dim rhesi.",
    ),
    "not_utf8": (
        "The file is neither Parquet nor text in UTF-8. Save it as CSV.",
        "Nid Parquet na thestun UTF-8 yw'r ffeil. Cadwch hi fel CSV.",
    ),
    "no_heading": (
        "The file is empty, or its first row is. Its first row names the columns.",
        "Mae'r ffeil yn wag, neu ei rhes gyntaf. Mae ei rhes gyntaf yn enwi'r colofnau.",
    ),
    "no_table": (
        "The file is neither Parquet nor CSV.",
        "Nid Parquet na CSV yw'r ffeil.",
    ),
    "too_many_columns": (
        "The file has {number} columns; the most is {most}.",
        "Mae gan y ffeil {number} colofn; y mwyaf yw {most}.",
    ),
    "parquet_unreadable": (
        "The Parquet file cannot be read: {reason}",
        "Ni ellir darllen y ffeil Parquet: {reason}",
    ),
    "no_duckdb": (
        "Parquet cannot be read here: it needs the extra “population” (DuckDB). Save the file as "
        "CSV, or install townhall[population].",
        "Ni ellir darllen Parquet yma: mae angen yr ychwanegiad “population” (DuckDB). Cadwch y "
        "ffeil fel CSV, neu gosodwch townhall[population].",
    ),
    # a run
    "invents_none": (
        "The pack invents no population; give a file.",
        "Nid yw'r pecyn yn dyfeisio poblogaeth; rhowch ffeil.",
    ),
    "size": (
        "An invented population has {least} to {most} households.",
        "Mae gan boblogaeth ddychmygol {least} i {most} o gartrefi.",
    ),
    "too_large": (
        "The population is too large for this machine.",
        "Mae'r boblogaeth yn rhy fawr i'r peiriant hwn.",
    ),
    "unexpected": (
        "Something went wrong on our side. It has been noted; try again later.",
        "Aeth rhywbeth o'i le ar ein hochr ni. Mae wedi'i nodi; rhowch gynnig arall arni'n nes "
        "ymlaen.",
    ),
    "other": ("{message}", "{message}"),
}
"""Code to the words in English and in Welsh."""

_PLACES: Final = {"en": 0, "cy": 1}


@dataclass(frozen=True, slots=True)
class Message:
    """One of `WORDS` and what stands in its gaps."""

    code: str
    given: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.told("en")

    def told(self, language: str) -> str:
        """Return the words in a language; in English where there are none."""
        return WORDS[self.code][_PLACES.get(language, 0)].format(**self.given)


def say(code: str, **given: object) -> Message:
    """Return a message."""
    return Message(code, {name: str(value) for name, value in given.items()})
