"""Takes the pictures of the documentation from a fresh demo: `python docs/pictures/take.py`.

Needs the development environment, a Chromium, and `./townhall up --data FOLDER` on an empty
folder in another terminal. It does what the tour does, so the demo is used afterwards.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import typst
from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
SERVICE = HERE.parent / "tutorials" / "write-your-first-service.md"
COLOURS = 192


def keep(page: Any, name: str, height: int = 0) -> None:
    """Keep what the window shows (or its first `height` pixels) as a small PNG."""
    page.wait_for_load_state("networkidle")
    shown = page.viewport_size
    if height:
        page.set_viewport_size({"width": shown["width"], "height": height})
    taken = page.screenshot(caret="initial", animations="disabled")
    page.set_viewport_size(shown)
    write(name, taken)


def write(name: str, taken: bytes) -> None:
    """Write a picture with few colours, which keeps it small."""
    small = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(HERE / f"{name}.png", optimize=True)
    sys.stdout.write(f"{name}.png {(HERE / f'{name}.png').stat().st_size // 1000} kB\n")


def letter(page: Any, link: str, name: str) -> None:
    """Keep a picture of a letter."""
    href = page.get_by_role("link", name=link).first.get_attribute("href")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "letter.pdf").write_bytes(page.context.request.get(href).body())
        Path(folder, "page.typ").write_text(
            '#set page(width: 210mm, height: 297mm, margin: 0mm)\n#image("letter.pdf", width: 100%)'
        )
        write(name, typst.compile(f"{folder}/page.typ", format="png", ppi=90))


def sign_in(page: Any, key: str) -> Any:
    page.goto("/account/demo")
    page.locator(f'form[action="/account/demo/{key}"] button').click()
    return page


def go_on(page: Any, name: str = "Continue") -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state("networkidle")


def start(page: Any, service: str) -> None:
    page.goto(f"/services/{service}")
    go_on(page, "Start now")


def megan(page: Any) -> None:
    """Claim Child Benefit: two pages, decided at once."""
    start(sign_in(page, "megan"), "child-benefit")
    keep(page, "application", 900)
    page.get_by_label("Yes, these children").check()
    go_on(page)
    page.get_by_label("Sort code").fill("089999")
    page.get_by_label("Account number").fill("66374958")
    go_on(page)
    page.locator("#verdict").scroll_into_view_if_needed()
    page.locator("summary").first.click()
    page.locator("#verdict").evaluate("each => each.scrollIntoView()")
    page.mouse.wheel(0, -40)
    keep(page, "explanation", 860)
    go_on(page, "Send it")
    page.wait_for_timeout(5000)
    page.get_by_role("link", name="Follow your case").click()
    keep(page, "decision", 900)
    letter(page, "Your Child Benefit", "letter")
    page.goto("/me/looked")
    keep(page, "who-looked", 760)


def grace(page: Any) -> None:
    """Ask for a permit that needs two officers."""
    start(sign_in(page, "grace"), "resident-permit")
    page.get_by_label("Number plate").first.fill("QW16 VAN")
    go_on(page)
    page.get_by_label("12 months").check()
    go_on(page)
    go_on(page, "Send it")


def officers(isla: Any, owen: Any) -> None:
    """Decide it with four eyes."""
    sign_in(isla, "isla.fenwick")
    isla.locator("main a[href*='/officer/cases/']").first.click()
    keep(isla, "officer", 1000)
    isla.get_by_label("Grant").first.check()
    isla.get_by_label("Reason").first.fill("Keeper and address agree with the registers.")
    go_on(isla, "Decide")
    sign_in(owen, "owen.tiller")
    owen.locator("main a[href*='/officer/cases/']").first.click()
    keep(owen, "second", 760)


def helen(page: Any) -> None:
    """Look at a service, and try the one of the tutorial."""
    sign_in(page, "helen.voss")
    page.goto("/owner/resident-permit")
    keep(page, "workshop", 900)
    page.goto("/owner/new")
    page.get_by_label("The definition").fill(tutorial())
    go_on(page, "Try it")
    keep(page, "workshop-try", 760)


def tutorial() -> str:
    """The first version of the tutorial's service."""
    file: dict[str, str] = {}
    for block in re.findall(r"^```yaml\n(.*?)^```", SERVICE.read_text("utf-8"), re.S | re.M):
        if "version: 2" not in block:
            for part in re.split(r"^(?=[a-z_]+:)", block, flags=re.M)[1:]:
                file[part.partition(":")[0]] = part
    return "".join(file.values())


def main(address: str) -> None:
    path = os.environ.get("TOWNHALL_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])

        def window(width: int = 1180, height: int = 800, theme: str = "light") -> Any:
            return browser.new_context(
                base_url=address,
                viewport={"width": width, "height": height},
                color_scheme=theme,
                reduced_motion="reduce",
            ).new_page()

        page = window()
        page.goto("/")
        keep(page, "home")
        phone = window(390, 760, "dark")
        phone.goto("/")
        keep(phone, "phone")
        megan(window())
        grace(window())
        officers(window(), window())
        helen(window())
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "http://localhost:8000")
