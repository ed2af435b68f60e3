"""The built files: right names, small enough, and pages that keep a strict content policy."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from townhall.portal import assets

PORTAL = Path(assets.__file__).parent
BUILT = PORTAL / "static" / "portal"
TEMPLATES = sorted(PORTAL.rglob("templates/**/*.html"))


def test_names_carry_the_hash_of_the_content() -> None:
    manifest = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    assert {"townhall.css", "townhall.js", "htmx.js", "icons.svg", "mark.svg"} <= set(manifest)
    for hashed in manifest.values():
        digest = hashlib.sha256((BUILT / hashed).read_bytes()).hexdigest()[:10]
        assert f"-{digest}." in hashed
        assert assets.is_immutable("", f"/static/portal/{hashed}")
    assert not assets.is_immutable("", "/static/portal/manifest.json")


def test_styles_and_fonts_stay_small() -> None:
    (styles,) = BUILT.glob("townhall-*.css")
    assert len(gzip.compress(styles.read_bytes(), 9)) <= 30_000
    assert sum(font.stat().st_size for font in BUILT.glob("*.woff2")) <= 120_000


def test_fonts_named_in_the_styles_are_there() -> None:
    (styles,) = BUILT.glob("townhall-*.css")
    named = re.findall(r'url\("?([^")]+\.woff2)', styles.read_text(encoding="utf-8"))
    assert named and all((BUILT / name).is_file() for name in named)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_pages_carry_no_inline_script_or_style(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style\b|javascript:", text), template
    for attributes, content in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL):
        assert ("src=" in attributes and not content) or "application/ld+json" in attributes


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_icons_named_in_a_template_exist(template: Path) -> None:
    (sprite,) = BUILT.glob("icons-*.svg")
    there = set(re.findall(r'<symbol id="([^"]+)"', sprite.read_text(encoding="utf-8")))
    named = re.findall(r'icon\("([a-z]+)"', template.read_text(encoding="utf-8"))
    named += re.findall(r'icon_name="([a-z]+)"', template.read_text(encoding="utf-8"))
    assert set(named) <= there
