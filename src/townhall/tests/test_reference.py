"""The reference pages say what the code does: settings, commands, events, links."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from townhall import cli
from townhall.foundation import settings

CHECKOUT = Path(__file__).resolve().parents[3]
DOCS = CHECKOUT / "docs"
PACKAGE = CHECKOUT / "src" / "townhall"
PAGES = [CHECKOUT / "README.md", CHECKOUT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]

if not DOCS.is_dir():
    pytest.skip("the docs are in a checkout of the sources", allow_module_level=True)


def sources() -> Iterator[Path]:
    """The code that runs, without tests and packs."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"tests", "packs"} & set(path.parts):
            yield path


def read(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


# -- settings ---------------------------------------------------------------------------


def variables(text: str) -> set[str]:
    return set(re.findall(r"\b(?:TOWNHALL_[A-Z_]*[A-Z]|DATABASE_URL)\b", text))


def rows(page: str) -> list[list[str]]:
    lines = [line for line in read(page).splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" |")] for line in lines]


def test_every_setting_is_described() -> None:
    described = {
        variable for row in rows("reference/settings.md") for variable in variables(row[0])
    }
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    used = variables(code) | variables((CHECKOUT / "townhall").read_text(encoding="utf-8"))
    assert used - described == set()


def test_no_setting_is_invented() -> None:
    described = {
        variable for row in rows("reference/settings.md") for variable in variables(row[0])
    }
    everywhere = "\n".join(
        path.read_text(encoding="utf-8") for path in (*PACKAGE.rglob("*.py"), CHECKOUT / "townhall")
    )
    assert described - variables(everywhere) == set()
    mentioned = set().union(*(variables(page.read_text(encoding="utf-8")) for page in PAGES))
    assert mentioned - described == set()


def test_the_defaults_are_those_of_the_code(tmp_path: Path) -> None:
    least = {"TOWNHALL_DATA": str(tmp_path)}
    compared = 0
    for name, default, _ in (
        (re.findall(r"[A-Z_]{4,}", row[0])[0], row[1], row[2])
        for row in rows("reference/settings.md")
    ):
        literal = re.fullmatch(r"`([^`]+)`", default)
        reader = (PACKAGE / "foundation" / "settings.py").read_text(encoding="utf-8")
        if literal and name in reader:
            given = settings.read(least | {name: literal[1]})
            assert given == settings.read(least), name
            compared += 1
    assert compared >= 6


def test_production_insists_on_what_the_page_marks(tmp_path: Path) -> None:
    marked = {
        re.findall(r"TOWNHALL_[A-Z_]+", row[0])[0]
        for row in rows("reference/settings.md")
        if row[0].endswith("*")
    }
    good = {
        "TOWNHALL_DATA": str(tmp_path),
        "TOWNHALL_PROFILE": "production",
        "TOWNHALL_SECRET_KEY": "x" * 50,
        "TOWNHALL_BASE_URL": "https://town.example",
        "TOWNHALL_HOSTS": "town.example",
    }
    assert not settings.read(good).demo
    assert marked == set(good) - {"TOWNHALL_DATA", "TOWNHALL_PROFILE"}
    for name in marked:
        with pytest.raises(settings.SettingError, match=name):
            settings.read({key: value for key, value in good.items() if key != name})


# -- commands ---------------------------------------------------------------------------


def commands() -> set[str]:
    """Every command that the parser knows, rooms' own ones included."""
    rooms = [room.rpartition(".")[2] for room, _ in cli.ROOMS]
    found = {f"townhall {name}" for name in choices(cli._parser([]))} - {
        f"townhall {room}" for room in rooms
    }
    for room in rooms:
        below = choices(choices(cli._parser([room]))[room])
        # A room with one thing to do has no names below its own.
        found |= {f"townhall {room} {name}" for name in below} or {f"townhall {room}"}
    return found


def choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def test_every_command_is_described_and_none_invented() -> None:
    described = [
        row[0].strip("`") for row in rows("reference/commands.md") if "townhall " in row[0]
    ]
    assert len(described) == len(set(described))
    assert set(described) == commands()


def test_docs_name_only_commands_and_options_that_exist() -> None:
    known = commands()
    named = 0
    for page in PAGES:
        for line in shell_lines(page.read_text(encoding="utf-8")):
            words = line.split()
            here = [word for word in words[1:3] if re.fullmatch(r"[a-z-]+", word)]
            command = "townhall " + " ".join(here)
            if command not in known:
                command = "townhall " + here[0] if here else ""
            assert command in known, f"{page.name}: {line}"
            for option in re.findall(r" (--[a-z-]+)", line):
                assert option in options(command), f"{page.name}: {line}"
            named += 1
    assert named >= 15


def shell_lines(text: str) -> Iterator[str]:
    """Lines of `console` blocks that call townhall, joined where they go on."""
    for block in re.findall(r"^```(?:console|sh)\n(.*?)^```", text, re.S | re.M):
        for line in block.replace("\\\n", " ").splitlines():
            found = re.search(r"(?:^|[\s/])townhall ((?:[a-z]).*)$", line.split("#")[0])
            if found and line.lstrip().startswith(("$ ", "# ", "./", "sudo", "town", "TOWN")):
                yield "townhall " + found[1].split(" | ")[0].split(" > ")[0]


def options(command: str) -> set[str]:
    words = command.split()[1:]
    if words[0] == "test":
        return {"--", "-k", "-q"}
    parser = cli._parser(words)
    for word in words:
        parser = choices(parser)[word]
    return {option for action in parser._actions for option in action.option_strings}


# -- events -----------------------------------------------------------------------------

SUBJECTS = (
    "case|draft|letter|service|register|file|catalogue|directory|identity|job|award|population"
)
# Same shape, other things: jobs, a template, a session key, a role, names of tables for Django.
NOT_EVENTS = {
    "identity.forget",
    "letter.typ",
    "identity.notice",
    "identity.pending_sign_up",
    "catalogue.owner",
    "catalogue.service",
    "directory.authority",
    "directory.service",
    "directory.source",
    # Places in a definition.
    "award.amount",
    "award.every",
    "award.from",
    "award.until",
    "award.wait_over",
    "award.by",
    "award.offer",
    "award.answers",
    "award.title",
}


def recorded_kinds() -> set[str]:
    shape = re.compile(rf"(?:{SUBJECTS})\.[a-z_]+")
    found = set()
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        labels = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.keyword) and node.arg == "dispatch_uid"
        } | set(_names_of_jobs(tree))
        for node in ast.walk(tree):
            words = node.value if isinstance(node, ast.Constant) else None
            if isinstance(words, str) and id(node) not in labels and shape.fullmatch(words):
                found.add(words)
    return found - NOT_EVENTS


def _names_of_jobs(tree: ast.AST) -> Iterator[int]:
    """The constants that name what a subscriber is, not what it waits for."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "subscriber":
            yield from (id(word.value) for word in call.keywords if word.arg == "name")


def test_every_kind_of_event_is_described_and_none_invented() -> None:
    described = {row[0].strip("`") for row in rows("reference/events.md")}
    assert described == recorded_kinds()


def test_subscribers_wait_for_events_that_exist() -> None:
    from townhall.foundation.events import subscribers

    waited = {
        kind
        for kind, names in subscribers._by_kind.items()
        if any(re.fullmatch(r"(?:cases|identity|registers|exchange)\..+", each) for each in names)
    }
    assert {"case.submitted", "case.decided"} <= waited <= recorded_kinds()


# -- glossary and links -----------------------------------------------------------------


def test_the_glossary_is_sorted_and_says_each_word_once() -> None:
    words = [
        line.split("|")[1].strip()
        for line in read("reference/glossary.md").splitlines()
        if line.startswith("| ") and not line.startswith("| word")
    ]
    assert words == sorted(words, key=str.lower)
    assert len(words) == len(set(words)) >= 50


def anchors(text: str) -> set[str]:
    found = set()
    for heading in re.findall(
        r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M), re.M
    ):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"(?:https?|mailto):", target):
            continue
        path, _, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        assert aim.exists(), f"{page.name} leads to {target}"
        if anchor:
            assert anchor in anchors(aim.read_text(encoding="utf-8")), f"{page.name}: {target}"


def test_every_picture_is_shown_and_small() -> None:
    pictures = {path.resolve() for path in (DOCS / "pictures").rglob("*.png")}
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in re.findall(r"!\[[^\]]+\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    }
    assert shown <= pictures
    assert all(path.stat().st_size < 150_000 for path in shown)


# -- security ---------------------------------------------------------------------------


def test_the_tests_that_the_security_page_names_exist() -> None:
    named = set(re.findall(r"`([\w/]+\.py)::(test_\w+)`", read("explanation/security.md")))
    assert len(named) >= 40
    for path, test in named:
        tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
        found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert test in found, f"{path} has no {test}"


def test_every_defence_names_a_test() -> None:
    for line in read("explanation/security.md").splitlines():
        if line.startswith("| ") and not line.startswith("| what could"):
            assert "::test_" in line, line
