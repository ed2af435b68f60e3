"""Texts: is each reachable one there in every language, and are its blanks known?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from townhall.catalogue.engine.definition import Text
from townhall.catalogue.engine.letters import placeholders
from townhall.catalogue.engine.linter.absence import Absence
from townhall.catalogue.engine.linter.material import Material
from townhall.catalogue.engine.problems import did_you_mean
from townhall.rules.engine import TEXT, Expression, RecordType, Type

_TAG = re.compile(r"<[a-zA-Z/!][^>]{0,80}>")


def check(material: Material) -> None:
    """Look at translations, at blanks to be filled, and at tags."""
    unused = _unused(material)
    languages = material.definition.languages
    for written in material.reader.written:
        parts = written.where.split(".")
        if parts[0] == "texts" and parts[1] in unused:
            continue
        for language in languages:
            if language not in written.text:
                material.error(
                    written.line,
                    f'{written.where} has no text in "{language}", '
                    "one of the languages of this town hall.",
                    f"Write  {{{', '.join(f'{each}: …' for each in languages)}}}.",
                )
        for words in written.text.values():
            if tag := _TAG.search(words) if "<" in words else None:
                material.advise(
                    written.line,
                    f"{written.where} contains {tag[0]}; people will see it as it stands.",
                    "Texts know no tags; take it out.",
                )
    blanks = _Blanks(material)
    for where, line, text, condition, names in _filled(material):
        blanks.check(where, line, text, condition, names)


def _unused(material: Material) -> set[str]:
    definition = material.definition
    unused = {name for name in definition.texts if name not in material.reader.used}
    for name in sorted(unused):
        material.advise(
            _line_of(material, name), f"texts.{name} is used nowhere.", "Remove it, or refer to it."
        )
    used = {state.letter for state in definition.flow.values()}
    used |= {state.issue for state in definition.flow.values()} | {"receipt"}
    for name, letter in definition.letters.items():
        if name not in used:
            material.advise(
                letter.line, f"the letter {name} is never sent.", "Remove it, or name it."
            )
    return unused


def _line_of(material: Material, name: str) -> int:
    begin = f"texts.{name}"
    for written in material.reader.written:
        if written.where == begin or written.where.startswith(begin + "."):
            return written.line
    return 1


_Filled = tuple[str, int, Text, Expression | None, dict[str, Type]]


def _filled(material: Material) -> Iterator[_Filled]:
    """Return every text whose blanks are filled, with the names it may use."""
    definition, names = material.definition, material.names
    for number, line in enumerate(definition.eligible, start=1):
        yield f"eligible line {number}", line.line, line.say, None, names.results
    for result in definition.results.values():
        where = f"results.{result.name}.because"
        yield where, result.line, result.because, None, names.results
    if definition.fee:
        yield "fee.because", definition.fee.line, definition.fee.because, None, names.flow
    for state in definition.flow.values():
        yield f"flow.{state.name}.next", state.line, state.next, None, names.flow
        for branch in state.branches:
            where = f"flow.{state.name}.to"
            yield where, state.line, branch.because, branch.condition, names.flow
    for letter in definition.letters.values():
        where = f"letters.{letter.name}"
        yield where, letter.line, letter.title, None, names.flow
        for part in letter.paragraphs:
            yield where, letter.line, part.text, part.condition, names.flow
    for outcome in definition.outcomes:
        for text in (outcome.text.title, *outcome.text.body):
            where = f"the outcome {outcome.key}"
            yield where, outcome.line, text, outcome.condition, names.results


class _Blanks:
    """Checks the `{names}` of texts against what is known there."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.absence = Absence(material.definition)
        self.extra = {"service": TEXT, "agency": TEXT}

    def check(
        self,
        where: str,
        line: int,
        text: Text,
        condition: Expression | None,
        names: dict[str, Type],
    ) -> None:
        """Note blanks that cannot be filled, or may stay empty."""
        paths = sorted({path for each in text.values() for path in placeholders(each)})
        for path in paths:
            if not self._exists(where, line, path, {**names, **self.extra}):
                continue
            reason = self.absence.may_be(path.split(".")[0], condition)
            if reason:
                root = path.split(".")[0]
                self.material.error(
                    line,
                    f"{where} uses {{{path}}}, which may be absent there: {reason}.",
                    f"Write the sentence as  {{if: present({root}), text: …}}."
                    if where.startswith("letters")
                    else "Say it without the value, or compute one that is always there.",
                )

    def _exists(self, where: str, line: int, path: str, names: dict[str, Type]) -> bool:
        root, *rest = path.split(".")
        kind = names.get(root)
        known: list[str] = list(names)
        for part in rest:
            known = list(kind.fields) if isinstance(kind, RecordType) else []
            kind = kind.fields.get(part) if isinstance(kind, RecordType) else None
            if kind is None:
                break
        if kind is not None:
            return True
        word = rest[-1] if rest and root in names else root
        self.material.error(
            line,
            f"{where} uses {{{path}}}, which does not exist.",
            did_you_mean(word, known) + " A brace that is meant as such is written {{.",
        )
        return False
