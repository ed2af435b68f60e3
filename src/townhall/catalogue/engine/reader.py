"""Reading nodes with a type: texts, keys, numbers, periods, each with its finding."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from townhall.catalogue.engine import shapes
from townhall.catalogue.engine.definition import NO_TEXT, Law, Text
from townhall.catalogue.engine.problems import Findings, did_you_mean
from townhall.catalogue.engine.source import Node
from townhall.rules.engine import Duration, parse_duration

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,79}")
ROLE: Final = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SIZE: Final = re.compile(r"(\d{1,4}) *(KB|MB)", re.IGNORECASE)
EMPTY: Final = Node({}, 0)


@dataclass(slots=True)
class Written:
    """A text of the file and where it stands, for the check of translations."""

    where: str
    line: int
    text: Text


@dataclass(slots=True)
class Reader:
    """Turns nodes into values and collects what is wrong with them.

    Parameters
    ----------
    findings
        Takes the problems.
    languages
        Languages of the town hall, the first being the default.
    written
        Every text of the file, for the check of translations.
    used
        Names under `texts:` that something refers to.
    """

    findings: Findings
    languages: tuple[str, ...]
    written: list[Written] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def error(self, line: int, message: str, hint: str = "") -> None:
        """Note a problem of the file."""
        self.findings.error(line, message, hint)

    # --- structure

    def section(self, node: Node, where: str, known: Collection[str]) -> dict[str, Node]:
        """Return a mapping whose keys are all known; strange ones are findings."""
        if not node.is_map:
            shown = "a list" if node.is_list else f'"{node.value[:40]}"'
            self.error(
                node.line,
                f"{where} must have parts, not be {shown}.",
                f"Write  {{{', '.join(list(known)[:4])}, …}}  or indented lines.",
            )
            return {}
        entries: dict[str, Node] = node.value
        for key in entries:
            if key not in known:
                self.error(
                    node.key_lines[key],
                    f'{where} has no "{key}".',
                    did_you_mean(key, known),
                )
        return entries

    def named(
        self, node: Node | None, where: str, pattern: re.Pattern[str] = NAME
    ) -> dict[str, Node]:
        """Return a mapping whose keys are names chosen by the author."""
        if node is None:
            return {}
        if not node.is_map:
            self.error(node.line, f"{where} must be a list of names with their parts.")
            return {}
        good = {}
        for key, value in node.value.items():
            if pattern.fullmatch(key):
                good[key] = value
                continue
            self.error(
                node.key_lines[key],
                f'"{key[:60]}" cannot be a name in {where}.',
                "Use small letters, digits and "
                + ("-" if pattern is KEY else "_ or .")
                + ", beginning with a letter.",
            )
        return good

    def items(self, node: Node | None, where: str) -> list[Node]:
        """Return the items of a list; one thing alone counts as a list of one."""
        if node is None:
            return []
        if node.is_list:
            found: list[Node] = node.value
            return found
        if node.is_text and node.value == "":
            self.error(node.line, f"{where} is empty.")
            return []
        return [node]

    # --- scalars

    def plain(self, node: Node | None, where: str, default: str = "") -> str:
        """Return a scalar as it is written."""
        if node is None:
            return default
        if not node.is_text:
            self.error(node.line, f"{where} must be one text.")
            return default
        if node.value == "":
            self.error(node.line, f"{where} is empty.")
        value: str = node.value
        return value

    def words(self, node: Node | None, where: str) -> tuple[str, ...]:
        """Return a list of scalars."""
        return tuple(self.plain(item, where) for item in self.items(node, where))

    def flag(self, node: Node | None, where: str, *, default: bool = False) -> bool:
        """Return yes or no."""
        if node is None:
            return default
        if node.is_text and node.value.lower() in shapes.YES:
            return True
        if node.is_text and node.value.lower() in shapes.NO:
            return False
        self.error(node.line, f"{where} must be yes or no.")
        return default

    def whole(self, node: Node | None, where: str, default: int = 0, most: int = 1_000_000) -> int:
        """Return a whole number that is not negative."""
        if node is None:
            return default
        if node.is_text and node.value.isascii() and node.value.isdigit():
            number = int(node.value[:9])
            if number <= most and len(node.value) <= 9:
                return number
        self.error(node.line, f"{where} must be a whole number from 0 to {most:,}.")
        return default

    def decimal(self, node: Node | None, where: str) -> Decimal | None:
        """Return a number with or without decimals."""
        if node is None:
            return None
        try:
            number = Decimal(node.value) if node.is_text else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and abs(number) < Decimal("1e15"):
            return number
        self.error(node.line, f"{where} must be a number, like 12 or 12.50.")
        return None

    def one_of(
        self, node: Node | None, where: str, allowed: Iterable[str], default: str = ""
    ) -> str:
        """Return one of a few words."""
        allowed = list(allowed)
        if node is None:
            return default
        if node.is_text and node.value in allowed:
            found: str = node.value
            return found
        shown = node.value[:40] if node.is_text else "…"
        self.error(
            node.line,
            f'{where} cannot be "{shown}".',
            did_you_mean(shown, allowed)
            if len(allowed) > 6
            else f"Write one of: {', '.join(allowed)}.",
        )
        return default

    def known(self, name: str, line: int, where: str, kind: str, known: Collection[str]) -> bool:
        """Note a name that refers to nothing; say whether it is known."""
        if name in known:
            return True
        self.error(
            line,
            f'{where} names the {kind} "{name}", which does not exist.',
            did_you_mean(name, known),
        )
        return False

    def period(self, node: Node | None, where: str) -> Duration | None:
        """Return a length of time."""
        if node is None:
            return None
        text = self.plain(node, where)
        try:
            found = parse_duration(text)
        except ValueError:
            self.error(
                node.line,
                f'{where} cannot be "{text[:40]}".',
                "Write a length of time like  10 working days,  8 weeks,  6 months  or  P8W.",
            )
            return None
        return found

    def size(self, node: Node | None, where: str, default: int = 0) -> int:
        """Return a file size in bytes."""
        if node is None:
            return default
        match = _SIZE.fullmatch(node.value) if node.is_text else None
        if match is None:
            self.error(node.line, f"{where} must be a size.", "Write  10 MB  or  500 KB.")
            return default
        return int(match[1]) * (1_000 if match[2].upper() == "KB" else 1_000_000)

    # --- texts

    def text(self, node: Node | None, where: str, *, neutral: bool = False) -> Text:
        """Return a text in its languages.

        A plain text is in the town hall's first language. `neutral` texts
        (citations, units) read the same in every language when they are plain.
        """
        if node is None:
            return NO_TEXT
        if node.is_text:
            value = self.plain(node, where)
            if neutral:
                return dict.fromkeys(self.languages, value)
            found: Text = {self.languages[0]: value}
        elif node.is_map:
            found = self._translations(node, where)
        else:
            self.error(node.line, f"{where} must be a text, not a list.")
            return NO_TEXT
        self.written.append(Written(where, node.line, found))
        return found

    def _translations(self, node: Node, where: str) -> Text:
        found: dict[str, str] = {}
        for language, value in node.value.items():
            line = node.key_lines[language]
            if not _LANGUAGE.fullmatch(language):
                cut = value.is_text and value.value == ""
                self.error(
                    line,
                    f'{where} has no "{language[:40]}".',
                    "A text with a comma in it needs quotes inside { }."
                    if cut
                    else "A text is written per language: {"
                    + ", ".join(f"{each}: …" for each in self.languages)
                    + "}.",
                )
            elif not value.is_text or value.value == "":
                self.error(value.line, f'{where} is empty in "{language}".')
            else:
                found[language] = value.value
        return found

    def texts(self, node: Node | None, where: str) -> tuple[Text, ...]:
        """Return one text or a list of texts."""
        return tuple(self.text(item, where) for item in self.items(node, where))

    def law(self, node: Node | None, where: str) -> Law | None:
        """Return a citation: plain, or `{title, url}`."""
        if node is None:
            return None
        if node.is_map and ("title" in node.value or "url" in node.value):
            parts = self.section(node, where, ("title", "url"))
            url = self.plain(parts.get("url"), f"{where}.url")
            if url and not re.fullmatch(r"https?://[^\s\"'<>]+", url):
                self.error(
                    parts["url"].line,
                    f"{where}.url is not a web address.",
                    "Begin it with https://",
                )
                url = ""
            return Law(self.text(parts.get("title"), f"{where}.title", neutral=True), url)
        return Law(self.text(node, where, neutral=True))

    def per_language(self, node: Node | None, where: str) -> Mapping[str, tuple[str, ...]]:
        """Return search words by language; a plain list is in the first language."""
        if node is None:
            return {}
        if not node.is_map:
            return {self.languages[0]: self.words(node, where)}
        return {
            language: self.words(value, f"{where}.{language}")
            for language, value in node.value.items()
            if self.known(language, node.key_lines[language], where, "language", self.languages)
        }
