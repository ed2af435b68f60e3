"""A receipt as a QR code: the address of the check, and behind it the receipt itself.

What stands behind the # of an address never leaves the browser. So any phone's camera
opens the page, the page checks what the camera read, and the town hall learns nothing.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import segno
from segno import consts

from townhall.foundation import settings
from townhall.foundation.text import gettext
from townhall.ledger.engine import compact
from townhall.ledger.engine.compact import CompactImpossible, TooLarge
from townhall.ledger.engine.digits import to_digits
from townhall.ledger.engine.receipts import Receipt

CHECK: Final = "/ledger/check"
QUIET: Final = 4
"""Modules of white around the code (ISO/IEC 18004, section 6.3.8)."""

PIXELS: Final = 3
"""How wide a module is on a page that has room."""

_MASK: Final = 2  # any of the eight is valid; trying them all took longer than all the rest
_ROOMY: Final = 25  # up to this version a code is coarse enough to afford more correction


def address() -> str:
    """Return the address of the page that a code opens."""
    return settings.current().base_url + CHECK


def code_of(receipt: Receipt) -> segno.QRCode:
    """Return the QR code of a receipt.

    The address is written as bytes and the receipt as digits, which costs the least.

    Raises
    ------
    CompactImpossible
        If no QR code holds it, or too few cosigned with short signatures.
    Refused
        If the receipt itself is not in order.
    """
    content = [
        (f"{address()}#", consts.MODE_BYTE),
        (to_digits(compact.of(receipt)), consts.MODE_NUMERIC),
    ]
    for level, largest in (("m", _ROOMY), ("l", 40)):
        try:
            made = segno.make(content, error=level, micro=False, mask=_MASK, encoding="iso-8859-1")
        except segno.DataOverflowError:
            continue
        if int(made.version) <= largest:
            return made
    raise TooLarge("with the address of the page it is too large for a QR code")


def image(code: segno.QRCode) -> bytes:
    """Return a code as SVG that fills its place: dark on white, whatever the page looks like."""
    buffer = io.BytesIO()
    code.save(
        buffer,
        kind="svg",
        border=QUIET,
        dark="#000",
        light="#fff",
        omitsize=True,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of a code.

    Attributes
    ----------
    why
        Why there is none; "" where there is one.
    image
        Where its picture is.
    pixels
        How wide it is on a page that has room.
    address
        Of the page that it opens.
    """

    why: str
    image: str = ""
    pixels: int = 0
    address: str = ""


def shown(receipt: Receipt, image_href: str) -> Shown:
    """Return the code of a receipt for a page, or why there is none."""
    try:
        code = code_of(receipt)
    except TooLarge:
        return Shown(gettext("This receipt is too large for a QR code. Save it as a file."))
    except CompactImpossible:
        return Shown(
            gettext(
                "Too few witnesses signed in the short way that a QR code has room for."
                " Save the receipt as a file: it holds what all of them signed."
            )
        )
    return Shown("", image_href, PIXELS * code.symbol_size(border=QUIET)[0], address())
