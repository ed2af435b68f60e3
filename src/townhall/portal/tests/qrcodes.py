"""Reading QR codes off a screen, with a decoder that is not ours (zxing-cpp)."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import segno
import zxingcpp
from PIL import Image, ImageFilter

from townhall.portal import receiptcodes


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
    return int(page.locator(".th-code img").get_attribute("width")) // receiptcodes.PIXELS


def photograph(code: segno.QRCode, pixels: float, *, angle: float, tilt: float) -> bytes:
    """What a camera sees of a code on paper: turned, leaned back, blurred, badly lit, noisy.

    Parameters
    ----------
    pixels
        How many pixels of the camera a module is wide.
    angle, tilt
        Degrees by which it is turned; how much narrower its far edge is, of its width.
    """
    flat = io.BytesIO()
    code.save(flat, kind="png", border=4, scale=8)
    drawn = Image.open(flat).convert("L")
    side = drawn.width * 3 // 2
    paper = Image.new("L", (side, side), 200)
    paper.paste(drawn, (drawn.width // 4, drawn.width // 4))
    leaned = Image.Transform.PERSPECTIVE
    paper = paper.transform((side, side), leaned, _lean(side, tilt), Image.Resampling.BICUBIC)
    paper = paper.rotate(angle, Image.Resampling.BICUBIC, fillcolor=200)
    small = int(code.symbol_size(border=4)[0] * pixels * 1.5)
    blurred = paper.resize((small, small)).filter(ImageFilter.GaussianBlur(0.8))
    light = np.linspace(0, 40, small)[None, :]
    noise = np.random.default_rng(1).normal(0, 8, (small, small))
    seen = np.clip(np.asarray(blurred, float) * 0.7 + 30 + light + noise, 0, 255).astype(np.uint8)
    taken = io.BytesIO()
    Image.fromarray(seen).save(taken, "JPEG", quality=80)
    return taken.getvalue()


def _lean(side: int, tilt: float) -> list[float]:
    """The eight numbers of the projection that narrows the far edge."""
    corners = [(0, 0), (side, 0), (side, side), (0, side)]
    narrow = tilt * side
    seen = [(narrow, 0), (side - narrow, 0), (side, side), (0, side)]
    rows, values = [], []
    for (x, y), (u, v) in zip(seen, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(each) for each in np.linalg.solve(np.array(rows, float), np.array(values, float))]
