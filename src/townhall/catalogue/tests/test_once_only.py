"""The file of a pack that says what registers answer outside any service."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from townhall.catalogue.engine.compiler.once_only import once_only
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.pack import PackError, load_pack

TESTLAND = load_pack(Path(__file__).parent / "pack")
GOOD = """
agency: transport
children_under: 18
data:
  born: {from: registers.population.born, title: {en: Born, cy: Ganwyd}, if_none: accept}
  keys: {from: registers.population.name, title: {en: Name, cy: Enw}, if_none: accept}
  age: {value: "years_between(born, today)"}
"""


def packed(folder: Path, text: str) -> Pack:
    (folder / "once.yaml").write_text(text, encoding="utf-8")
    return replace(TESTLAND, folder=folder, once_only="once.yaml")


def test_a_pack_need_not_have_one() -> None:
    assert once_only(TESTLAND) is None


def test_it_names_each_register_once_and_asks_for_a_sure_sign_in(tmp_path: Path) -> None:
    found = once_only(packed(tmp_path, GOOD))
    assert found is not None
    assert (found.registers, found.children_under) == (("population",), 18)
    assert found.definition.who.login == "substantial"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            GOOD.replace("agency: transport", "agency: nobody"),
            'agency "nobody", which does not exist',
        ),
        (GOOD.replace("population.born", "population.height"), "height"),
        (GOOD.replace("children_under: 18", "children_under: many"), "whole number"),
        (GOOD + "  plate: {type: text, ask: {en: Plate?, cy: Plât?}}\n", "asked of people"),
        (GOOD + "pages: []\n", "pages"),
        (GOOD + "people: {me: {}}\n", "the pack has no law"),
        ("- a\n", "once_only"),
    ],
)
def test_what_cannot_be_is_refused_with_words(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PackError, match=r"once\.yaml") as refused:
        once_only(packed(tmp_path, text))
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="cannot be read"):
        once_only(replace(TESTLAND, folder=tmp_path, once_only="none.yaml"))
