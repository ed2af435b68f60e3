"""Single answers: text, numbers, money, dates, contact details, places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from townhall.catalogue.engine import shapes
from townhall.catalogue.engine.definition import Datum
from townhall.catalogue.engine.messages import N_, Invalid
from townhall.catalogue.engine.source import DIRECTION_CONTROLS

MAX_LINE: Final = 500
MAX_TEXT: Final = 5000
_HARD_LIMIT: Final = 100_000  # characters looked at before anything else is done
_REMOVED: Final = dict.fromkeys(map(ord, DIRECTION_CONTROLS + "\ufeff"))
_NUMBER: Final = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,9})?")
_EMAIL: Final = re.compile(r"[^\s@<>\"(),:;\\]{1,64}@[^\s@.]+(\.[^\s@.]+)+")
_PHONE: Final = re.compile(r"\+?\d{6,15}")
_PLATE: Final = re.compile(r"[A-Z0-9]{2,10}")
_POINT: Final = N_(
    "The point on the map cannot be read. Choose it again, or describe the place in words."
)
# ISO 4217: currencies whose minor unit is not a hundredth.
MINOR_UNITS: Final = {
    "BHD": 3,
    "CLP": 0,
    "ISK": 0,
    "JOD": 3,
    "JPY": 0,
    "KRW": 0,
    "KWD": 3,
    "OMR": 3,
    "PYG": 0,
    "TND": 3,
    "UGX": 0,
    "VND": 0,
    "XAF": 0,
    "XOF": 0,
}


def clean(raw: Any, *, lines: bool = False) -> str:
    """Return a text as it may be stored, or refuse it.

    Characters are composed (NFC), line ends made `\\n`, invisible direction
    controls (which pasting leaves behind) taken out.

    Raises
    ------
    Invalid
        If it is no text, absurdly long, or holds NUL, other control
        characters, or half a character.
    """
    if not isinstance(raw, str):
        raise Invalid(N_("Enter this as text."))
    if len(raw) > _HARD_LIMIT:
        raise Invalid(N_("This is too long."))
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_REMOVED))
    if not lines:
        text = " ".join(text.split("\n")).replace("\t", " ")
    # Category Cc = control characters, Cs = surrogates; neither can be kept.
    if not text.isprintable() and any(
        unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text
    ):
        raise Invalid(N_("This contains a character that cannot be stored. Type it again."))
    return text.strip()


def text(datum: Datum, raw: Any) -> str:
    """Check a text against its greatest length."""
    found = clean(raw, lines=datum.lines > 1)
    limit = datum.max_length or (MAX_TEXT if datum.lines > 1 else MAX_LINE)
    if len(found) > limit:
        raise Invalid(
            N_("Use at most %(limit)s characters; this has %(count)s."),
            limit=limit,
            count=len(found),
        )
    return found


def email(datum: Datum, raw: Any) -> str:
    """Check that a mail address can be one; whether it works only mail can tell."""
    found = clean(raw)
    if len(found) > 254 or not _EMAIL.fullmatch(found):
        raise Invalid(N_("Enter an email address like name@example.com."))
    return found


def phone(datum: Datum, raw: Any) -> str:
    """Return a telephone number as digits, with + in front if it was there."""
    found = re.sub(r"[\s().\-/]", "", _ascii_digits(clean(raw)))
    if not _PHONE.fullmatch(found):
        raise Invalid(N_("Enter a telephone number, in digits."))
    return found


def plate(datum: Datum, raw: Any) -> str:
    """Return a number plate in capitals without spaces."""
    found = re.sub(r"[\s\-]", "", clean(raw)).upper()
    if not _PLATE.fullmatch(found):
        raise Invalid(N_("Enter the number plate as letters and digits, like AB12 CDE."))
    return found


def _ascii_digits(found: str) -> str:
    if found.isascii():
        return found
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in found)


def _decimal(raw: Any, what: str) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        raise Invalid(what)
    found = _ascii_digits(clean(str(raw)).replace(" ", "").replace("\u00a0", ""))
    if not _NUMBER.fullmatch(found):
        raise Invalid(what)
    try:
        return Decimal(found.replace(",", ""))
    except InvalidOperation:
        raise Invalid(what) from None


def _within(datum: Datum, found: Decimal) -> None:
    if datum.min is not None and found < datum.min:
        raise Invalid(N_("This must be at least %(limit)s."), limit=f"{datum.min:f}")
    if datum.max is not None and found > datum.max:
        raise Invalid(N_("This must be at most %(limit)s."), limit=f"{datum.max:f}")


def number(datum: Datum, raw: Any) -> str:
    """Return a number without needless zeros; decimals only as far as declared."""
    found = _decimal(raw, N_("Enter a number, in digits."))
    places = -int(found.normalize().as_tuple().exponent) if found else 0
    if datum.decimals is not None and places > datum.decimals:
        if datum.decimals == 0:
            raise Invalid(N_("Enter a whole number."))
        raise Invalid(N_("Use at most %(limit)s decimal places."), limit=datum.decimals)
    _within(datum, found)
    return f"{found.normalize() if found else Decimal(0):f}"


def money(datum: Datum, raw: Any) -> str:
    """Return an amount with all its decimals: `12.50`."""
    if isinstance(raw, str):
        # Category Sc = currency signs: "£12.50" means what it says.
        raw = "".join(c for c in raw if unicodedata.category(c) != "Sc").replace(datum.currency, "")
    found = _decimal(raw, N_("Enter an amount of money, like 120 or 120.50."))
    decimals = MINOR_UNITS.get(datum.currency, 2)
    step = Decimal(1).scaleb(-decimals)
    rounded = found.quantize(step, rounding=ROUND_HALF_UP)
    if rounded != found:
        raise Invalid(N_("Use at most %(limit)s decimal places."), limit=decimals)
    if datum.min is None and rounded < 0:
        raise Invalid(N_("This must be at least %(limit)s."), limit="0")
    _within(datum, rounded)
    return f"{rounded if rounded else abs(rounded):f}"


def day(datum: Datum, raw: Any) -> str:
    """Return a real day of the calendar as ISO 8601, from three fields or one text."""
    if isinstance(raw, Mapping):
        parts = {
            name: _ascii_digits(clean(raw.get(name) or "")) for name in ("day", "month", "year")
        }
        missing = [name for name, part in parts.items() if not part]
        if missing:
            raise Invalid(N_("Enter the day, the month and the year."), part=missing[0])
        if not all(part.isdigit() for part in parts.values()) or len(parts["year"]) != 4:
            raise Invalid(N_("Enter the date in digits, like 27 3 2026."))
        numbers = (int(parts["year"]), int(parts["month"]), int(parts["day"]))
    else:
        found = clean(raw)
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", found, re.ASCII):
            raise Invalid(N_("Enter the date as year-month-day, like 2026-03-27."))
        year, month, of_month = found.split("-")
        numbers = (int(year), int(month), int(of_month))
    try:
        result = date(*numbers)
    except ValueError:
        raise Invalid(N_("There is no such day in the calendar.")) from None
    if not 1850 <= result.year <= 2200:
        raise Invalid(N_("Check the year."))
    return result.isoformat()


def yes_no(datum: Datum, raw: Any) -> bool:
    """Return True or False."""
    if isinstance(raw, bool):
        return raw
    if raw in ("yes", "no"):
        return bool(raw == "yes")
    raise Invalid(N_("Choose yes or no."))


def choice(datum: Datum, raw: Any) -> str:
    """Return the value of one of the options."""
    if isinstance(raw, str) and datum.option(raw):
        return raw
    if isinstance(raw, (int, Decimal)) and not isinstance(raw, bool) and datum.option(str(raw)):
        return str(raw)
    raise Invalid(N_("Choose one of the answers given."))


def choices(datum: Datum, raw: Any) -> list[str]:
    """Return the ticked options in the order of the form, each once."""
    if not isinstance(raw, (list, tuple)):
        raise Invalid(N_("Choose one or more of the answers given."))
    if len(raw) > 10 * len(datum.options) + 10:
        raise Invalid(N_("Choose one or more of the answers given."))
    ticked = {choice(datum, each) for each in raw}
    alone = next((each for each in datum.options if each.exclusive and each.value in ticked), None)
    if alone and len(ticked) > 1:
        raise Invalid(N_("“%(option)s” cannot be chosen beside another answer."), option=alone.text)
    return [option.value for option in datum.options if option.value in ticked]


def place(datum: Datum, raw: Any) -> dict[str, Any]:
    """Return a place in words, on the map, or both."""
    if not isinstance(raw, Mapping) or set(raw) - {"lat", "lon", "words"}:
        raise Invalid(N_("Say where it is, in words or on the map."))
    words = clean(raw.get("words") or "")
    if len(words) > MAX_LINE:
        raise Invalid(
            N_("Use at most %(limit)s characters; this has %(count)s."),
            part="words",
            limit=MAX_LINE,
            count=len(words),
        )
    try:
        found = shapes.place({**raw, "words": words})
    except (ValueError, TypeError, InvalidOperation):
        raise Invalid(_POINT) from None
    if (found["lat"] is None) != (found["lon"] is None):
        raise Invalid(_POINT)
    if found["lat"] is None and not words:
        raise Invalid(N_("Say where it is, in words or on the map."))
    return found


def address(datum: Datum, raw: Any) -> dict[str, str]:
    """Return a postal address; line 1, town and postcode are needed."""
    if not isinstance(raw, Mapping) or set(raw) - set(shapes.ADDRESS_FIELDS):
        raise Invalid(N_("Enter the address."))
    found, errors = {}, {}
    for name in shapes.ADDRESS_FIELDS:
        try:
            found[name] = clean(raw.get(name) or "")
            if len(found[name]) > (12 if name == "postcode" else 200):
                raise Invalid(N_("This is too long."))
        except Invalid as error:
            errors[name] = error.message
    needed = {
        "line1": N_("Enter the house and street."),
        "town": N_("Enter the town or city."),
        "postcode": N_("Enter the postcode."),
    }
    for name, msgid in needed.items():
        if name not in errors and not found[name]:
            errors[name] = Invalid(msgid).message
    if errors:
        raise Invalid(errors=errors)
    found["postcode"] = found["postcode"].upper()
    return found


def period(datum: Datum, raw: Any) -> dict[str, str]:
    """Return two days, the end not before the start."""
    if not isinstance(raw, Mapping) or set(raw) - {"start", "end"}:
        raise Invalid(N_("Enter the first and the last day."))
    found, errors = {}, {}
    for name in ("start", "end"):
        try:
            found[name] = day(datum, raw.get(name) or "")
        except Invalid as error:
            errors.update(
                {f"{name}.{part}" if part else name: each for part, each in error.errors.items()}
            )
    if errors:
        raise Invalid(errors=errors)
    if found["end"] < found["start"]:
        raise Invalid(N_("The last day is before the first day."), part="end")
    return found
