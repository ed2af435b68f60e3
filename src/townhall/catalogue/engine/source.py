"""Strict YAML: every scalar is text, and nothing in the file can surprise.

YAML 1.1 reads `no` as false, `120.00` as a float, `2026-11-01` as a date and
silently keeps the last of two equal keys. Here each scalar stays as written
(our own format gives it a type), a repeated key is an error, and anchors,
aliases and tags, which can make a small file huge or run code, are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from townhall.catalogue.engine.problems import Findings

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 24
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Unicode controls that make a reader see other text than the machine does
# (Unicode Standard Annex 9; "Trojan Source", CVE-2021-42574).
DIRECTION_CONTROLS: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@dataclass(slots=True)
class Node:
    """A scalar (`str`), a list of nodes, or a mapping of nodes, with its line."""

    value: Any
    line: int
    key_lines: dict[str, int] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        """Say whether this is a scalar."""
        return type(self.value) is str

    @property
    def is_list(self) -> bool:
        """Say whether this is a sequence."""
        return type(self.value) is list

    @property
    def is_map(self) -> bool:
        """Say whether this is a mapping."""
        return type(self.value) is dict

    def plain(self) -> Any:
        """Return the tree without lines: str, list and dict only."""
        if self.is_map:
            return {key: node.plain() for key, node in self.value.items()}
        if self.is_list:
            return [node.plain() for node in self.value]
        return self.value


class _Refused(Exception):
    """The file cannot be read further; the finding is already noted."""


def load(text: str, findings: Findings, *, max_bytes: int = MAX_BYTES) -> Node | None:
    """Read one YAML document into nodes.

    Parameters
    ----------
    text
        The file. Lone surrogates and control characters are findings.
    findings
        Takes what is wrong; reading goes on after a repeated key, and stops at
        everything else.
    max_bytes
        Larger files are refused unread.

    Returns
    -------
    The root, or None when nothing usable could be read.
    """
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        findings.error(
            text.count("\n", 0, error.start) + 1,
            "the file contains half of a character (a lone surrogate).",
            "Save the file as UTF-8.",
        )
        return None
    if size > max_bytes:
        findings.error(
            0,
            f"the file has {size:,} bytes; at most {max_bytes:,} are read.",
            "Split the service, or move long texts out of it.",
        )
        return None
    try:
        return _Reader(text, findings).document()
    except _Refused:
        return None
    except yaml.MarkedYAMLError as error:
        _syntax_finding(error, findings)
    except yaml.reader.ReaderError as error:
        findings.error(
            text.count("\n", 0, max(error.position, 0)) + 1,
            f"the file contains the character U+{_code(error.character):04X}, "
            "which may not stand in YAML.",
            "Remove it.",
        )
    return None


def _code(character: object) -> int:
    return ord(character) if isinstance(character, str) and character else int(str(character or 0))


def _syntax_finding(error: yaml.MarkedYAMLError, findings: Findings) -> None:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    problem = error.problem or "it cannot be read"
    findings.error(
        line,
        f"this is not readable YAML: {problem}.",
        "If a text contains  : # { } [ ] or ends in ?  put the text in quotes; "
        "check the indentation and the closing bracket.",
    )


class _Reader:
    """Walks the event stream of libyaml; recursion is bounded by MAX_DEPTH."""

    def __init__(self, text: str, findings: Findings) -> None:
        self._findings = findings
        self._parser = _LOADER(text)
        self._next = self._parser.get_event

    def document(self) -> Node | None:
        try:
            self._next()  # stream start
            event = self._next()
            if isinstance(event, yaml.StreamEndEvent):
                self._refuse(event, "the file is empty.", "Begin with  service: <key>")
            root = self._node(self._next(), 0)
            self._next()  # document end
            event = self._next()
            if not isinstance(event, yaml.StreamEndEvent):
                self._refuse(
                    event,
                    "there is a second document in the file.",
                    "Write one service a file, without ---.",
                )
            return root
        finally:
            self._parser.dispose()

    def _refuse(self, event: Any, message: str, hint: str) -> None:
        self._findings.error(event.start_mark.line + 1, message, hint)
        raise _Refused

    def _node(self, event: Any, depth: int) -> Node:
        kind = type(event)
        if kind is yaml.AliasEvent:
            self._refuse(
                event,
                f"*{event.anchor} repeats another part of the file by alias.",
                "Write the part out; aliases are not read. A text that begins with * needs quotes.",
            )
        if event.anchor is not None:
            self._refuse(
                event,
                f"&{event.anchor} names a part of the file for reuse (an anchor).",
                "Remove it; a text that begins with & needs quotes.",
            )
        if event.tag is not None:
            self._refuse(
                event,
                f"{event.tag} is a YAML tag; the format gives every value its type.",
                "Remove it; a text that begins with ! needs quotes.",
            )
        line = event.start_mark.line + 1
        if kind is yaml.ScalarEvent:
            if not event.value.isascii():
                self._check_directions(event.value, line)
            return Node(event.value, line)
        if depth >= MAX_DEPTH:
            self._refuse(
                event,
                f"the file nests more than {MAX_DEPTH} levels deep.",
                "No part of the format needs that; check the brackets.",
            )
        if kind is yaml.SequenceStartEvent:
            return self._sequence(line, depth)
        return self._mapping(line, depth)

    def _sequence(self, line: int, depth: int) -> Node:
        items: list[Node] = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            items.append(self._node(event, depth + 1))
        return Node(items, line)

    def _mapping(self, line: int, depth: int) -> Node:
        entries: dict[str, Node] = {}
        key_lines: dict[str, int] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent:
                self._refuse(
                    event,
                    "a key must be a plain word.",
                    'A text that begins with { or [ needs quotes: "{name} …".',
                )
            key = self._node(event, depth + 1)
            value = self._node(self._next(), depth + 1)
            if key.value in entries:
                self._findings.error(
                    key.line,
                    f'"{key.value}" is given twice here; '
                    f"the first one is in line {key_lines[key.value]}.",
                    "Keep one of them.",
                )
                continue
            entries[key.value] = value
            key_lines[key.value] = key.line
        return Node(entries, line, key_lines)

    def _check_directions(self, text: str, line: int) -> None:
        found = sorted({char for char in text if char in DIRECTION_CONTROLS})
        if found:
            self._findings.error(
                line,
                "the text contains invisible direction characters ("
                + ", ".join(f"U+{ord(char):04X}" for char in found)
                + "), which can make people read something else than what is stored.",
                "Remove them; right-to-left text needs none.",
            )
