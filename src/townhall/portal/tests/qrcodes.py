"""Reading QR codes off a screen, with a decoder that is not ours (zxing-cpp)."""

from __future__ import annotations

import io
from typing import Any

import zxingcpp
from PIL import Image


def read(picture: bytes) -> str:
    """The text of the one QR code on a picture."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    return str(found.text)


def on_page(page: Any) -> str:
    """The text of the QR code that a page shows, read from a picture of the screen."""
    code = page.locator(".th-code img")
    code.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.th-code img').complete")
    # Hiding the caret would put a style on the page, which its content policy refuses.
    return read(page.screenshot(caret="initial"))


def pixels_a_module(page: Any) -> float:
    """How many pixels of the page one module of its code is wide."""
    width = page.locator(".th-code img").bounding_box()["width"]
    return float(width / modules(page))


def modules(page: Any) -> int:
    """How many modules wide the code is, with its white border."""
    return int(page.locator(".th-code img").get_attribute("width")) // 3
