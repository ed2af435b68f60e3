"""What the tutorial prints is what happens: every block is compiled, every command run."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from townhall import cli
from townhall.catalogue import operations as catalogue

DOCS = Path(__file__).resolve().parents[3] / "docs"
TUTORIAL = DOCS / "tutorials" / "write-your-first-service.md"
FILE = "borrow-garden-tool.yaml"

if not TUTORIAL.is_file():
    pytest.skip("the docs are in a checkout of the sources", allow_module_level=True)


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a page, in order: language and text."""
    text = page.read_text(encoding="utf-8")
    for found in re.finditer(r"^```(\w+)\n(.*?)^```", text, re.S | re.M):
        yield found[1], found[2]


def parts(text: str) -> dict[str, str]:
    """A definition by its top-level keys, in order."""
    found = re.split(r"^(?=[a-z_]+:)", text, flags=re.M)
    return {part.partition(":")[0]: part for part in found if part.strip()}


def steps(block: str) -> Iterator[tuple[str, str]]:
    """The commands of a `console` block, each with what it is said to print."""
    for step in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, said = step.partition("\n")
        yield command, said


class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.file: dict[str, str] = {}

    def writes(self, block: str) -> None:
        self.file |= parts(block)
        (self.folder / FILE).write_text("".join(self.file.values()), encoding="utf-8")

    def types(self, command: str) -> str:
        line, _, filtered = command.partition(" | ")
        if not line.startswith("./townhall "):
            done = subprocess.run(
                command, shell=True, cwd=self.folder, capture_output=True, text=True, check=True
            )
            return done.stdout
        self.capsys.readouterr()
        cli.main(shlex.split(line)[1:])
        said = self.capsys.readouterr().out
        if filtered:
            said = subprocess.run(
                shlex.split(filtered), input=said, capture_output=True, text=True, check=True
            ).stdout
        return said


@pytest.mark.django_db
def test_the_first_service_comes_out_as_the_page_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("townhall.cli._set_up", lambda stack: None)
    catalogue.forget()
    reader = Reader(tmp_path, capsys)
    typed = 0
    for language, block in blocks(TUTORIAL):
        if language == "yaml":
            reader.writes(block)
            continue
        assert language == "console"
        for command, said in steps(block):
            assert reader.types(command) == said, command
            typed += 1
    assert typed >= 9
    assert catalogue.live("borrow-garden-tool").version == 2
    assert len(catalogue.versions(key="borrow-garden-tool")) == 2


def test_each_page_of_a_reader_in_a_hurry_holds_no_forgotten_language() -> None:
    known = {"yaml", "console", "json", "python", "ini", "http", "text"}
    for page in DOCS.rglob("*.md"):
        assert {language for language, _ in blocks(page)} <= known, page.name


ISLAND = DOCS / "how-to" / "add-a-pack.md"


def test_the_island_of_the_page_is_a_pack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files stand where the page says; its commands print what the page prints."""
    folder = tmp_path / "src" / "townhall" / "packs" / "skarra"
    named = re.findall(
        r"^`([\w/.-]+)`[^\n]*:\n\n```(?:yaml|python)\n(.*?)^```",
        ISLAND.read_text(encoding="utf-8"),
        re.S | re.M,
    )
    assert [name for name, _ in named] == [
        "pack.yaml",
        "parameters/mooring.yaml",
        "functions/tides.py",
        "services/mooring.yaml",
    ]
    for name, text in named:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path, capsys)
    tried = [
        (command, said)
        for language, block in blocks(ISLAND)
        if language == "console"
        for command, said in steps(block)
        if command.startswith("./townhall catalogue")
    ]
    assert len(tried) == 2
    for command, said in tried:
        assert reader.types(command) == said, command
