"""Reading a pack: `pack.yaml` and everything that it names.

Like a service definition, the pack is read strictly, and all that is wrong is
said in one run.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from townhall.catalogue.engine import source
from townhall.catalogue.engine.definition import Keep, NamedText
from townhall.catalogue.engine.jurisdiction import (
    Agency,
    LifeEvent,
    Pack,
    Register,
    Role,
)
from townhall.catalogue.engine.pack_registers import RegisterReader, entry_of
from townhall.catalogue.engine.problems import Findings, Problem, render
from townhall.catalogue.engine.reader import KEY, NAME, ROLE, Reader
from townhall.catalogue.engine.source import Node
from townhall.rules.engine import Calendar, Duration, Function, ParameterError, Parameters

__all__ = [
    "Agency",
    "LifeEvent",
    "Pack",
    "PackError",
    "Register",
    "Role",
    "entry_of",
    "keep_periods",
    "load_pack",
    "named_texts",
]

_KEYS: Final = (
    "pack",
    "title",
    "languages",
    "currency",
    "channels",
    "deadlines",
    "calendar",
    "agencies",
    "roles",
    "events",
    "registers",
    "lists",
    "parameters",
    "tariffs",
    "functions",
    "fallbacks",
    "keep",
    "files",
    "texts",
    "letters",
    "fixtures",
    "tests",
    "services",
    "once_only",
)
_MAX_BYTES: Final = 8_000_000  # parameter and fixture files may be long
ACTIONS: Final = ("ask", "upload", "review", "wait", "accept")


class PackError(ValueError):
    """The pack cannot be used; `problems` says where it is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(render(problems))


def load_pack(folder: Path) -> Pack:
    """Read the pack in a folder.

    Parameters
    ----------
    folder
        Holds `pack.yaml`. Functions are imported from its `functions` folder;
        nothing else of it is run.

    Raises
    ------
    PackError
        With every problem found.
    """
    return _PackReader(Path(folder)).pack()


def named_texts(reader: Reader, node: Node | None, where: str) -> dict[str, NamedText]:
    """Read `texts:`: each a text, or a title with a body."""
    found = {}
    for key, value in reader.named(node, where).items():
        place = f"{where}.{key}"
        if value.is_map and ("title" in value.value or "body" in value.value):
            parts = reader.section(value, place, ("title", "body"))
            found[key] = NamedText(
                reader.texts(parts.get("body"), f"{place}.body"),
                reader.text(parts.get("title"), f"{place}.title"),
            )
        else:
            found[key] = NamedText(reader.texts(value, place))
    return found


def keep_periods(reader: Reader, node: Node | None, where: str) -> tuple[dict[str, Duration], str]:
    """Read `keep:`: periods by outcome, and what happens after them."""
    periods: dict[str, Duration] = {}
    then = ""
    for key, value in reader.named(node, where).items():
        if key == "then":
            then = reader.one_of(value, f"{where}.then", ("erase", "archive"))
        elif period := reader.period(value, f"{where}.{key}"):
            periods[key] = period
    return periods, then


@dataclass
class _PackReader:
    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def pack(self) -> Pack:
        root, reader = self._file("pack.yaml", ("en",))
        top = reader.section(root, "the pack", _KEYS)
        languages = reader.words(top.get("languages"), "languages") or ("en",)
        reader.languages = languages
        self._reader = reader
        currency = reader.plain(top.get("currency"), "currency", "EUR")
        files = reader.section(top.get("files", source.Node({}, 0)), "files", ("accept", "max"))
        periods, then = keep_periods(reader, top.get("keep"), "keep")
        registers = RegisterReader(reader).registers(top)
        starts, law = self._deadlines(top)
        pack = Pack(
            key=reader.plain(top.get("pack"), "pack", "pack"),
            title=reader.text(top.get("title"), "title"),
            languages=languages,
            currency=currency,
            folder=self.folder,
            channels=reader.words(top.get("channels"), "channels") or ("web",),
            calendar=self._calendar(top.get("calendar")),
            deadline_starts=starts,  # type: ignore[arg-type]
            deadline_law=law,
            agencies=self._agencies(top),
            roles=self._roles(top),
            events=self._events(top),
            registers=registers,
            lists=self._lists(top.get("lists")),
            parameters=self._parameters(top),
            functions=self._functions(reader.words(top.get("functions"), "functions")),
            fallbacks=self._fallbacks(top.get("fallbacks")),
            keep=Keep(periods, then or "erase"),  # type: ignore[arg-type]
            accept=reader.words(files.get("accept"), "files.accept") or ("pdf", "jpg", "png"),
            max_bytes=reader.size(files.get("max"), "files.max", 10_000_000),
            texts=named_texts(reader, top.get("texts"), "texts"),
            letters=reader.named(top.get("letters"), "letters"),
            fixtures=self._fixtures(top.get("fixtures"), registers),
            today=self._today(top.get("tests")),
            services_folder=self.folder / reader.plain(top.get("services"), "services", "services"),
            once_only=reader.plain(top.get("once_only"), "once_only"),
        )
        self._translations(reader)
        self.problems.extend(reader.findings.ordered())
        if self.problems:
            raise PackError(tuple(self.problems))
        return pack

    def _file(self, name: str, languages: tuple[str, ...]) -> tuple[Node, Reader]:
        findings = Findings(name)
        reader = Reader(findings, languages)
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            findings.error(0, f"{name} lies outside the pack.")
            node = None
        else:
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                findings.error(0, f"the file cannot be read: {error}.")
                node = None
            else:
                node = source.load(text, findings, max_bytes=_MAX_BYTES)
        if name != "pack.yaml" or node is None:
            self.problems.extend(findings.ordered())
        if node is None:
            if name == "pack.yaml":
                raise PackError(tuple(self.problems))
            node = Node({}, 0)
        return node, reader

    def _translations(self, reader: Reader) -> None:
        for each in reader.written:
            for language in reader.languages:
                if language not in each.text:
                    reader.error(
                        each.line,
                        f'{each.where} has no text in "{language}", '
                        "one of the languages of this town hall.",
                    )

    def _deadlines(self, top: Mapping[str, Node]) -> tuple[str, Any]:
        node = top.get("deadlines")
        if node is None:
            return "day_after", None
        parts = self._reader.section(node, "deadlines", ("starts", "law"))
        starts = self._reader.one_of(
            parts.get("starts"), "deadlines.starts", ("day_after", "same_day"), "day_after"
        )
        return starts, self._reader.law(parts.get("law"), "deadlines.law")

    def _calendar(self, node: Node | None) -> Calendar:
        reader = self._reader
        if node is None:
            return Calendar()
        if node.is_text:
            node, reader = self._file(node.value, reader.languages)
        parts = reader.section(node, "calendar", ("holidays", "weekend", "until", "source"))
        given = parts.get("holidays")
        days = list(given.value) if given and given.is_map else []
        if given and given.is_list:
            days = [each.value for each in given.value]
        holidays = set()
        for text in days:
            day = self._day(text, given.line if given else 0, reader, "calendar.holidays")
            if day:
                holidays.add(day)
        until = parts.get("until")
        weekend = reader.words(parts.get("weekend"), "calendar.weekend") or ("5", "6")
        if reader is not self._reader:
            self.problems.extend(reader.findings.ordered())
        return Calendar(
            holidays,
            weekend=[int(each) for each in weekend if each in "0123456" and each],
            until=self._day(until.value, until.line, reader, "calendar.until") if until else None,
        )

    def _day(self, text: Any, line: int, reader: Reader, where: str) -> date | None:
        try:
            return date.fromisoformat(str(text))
        except ValueError:
            reader.error(
                line, f"{where} has {str(text)[:40]!r}, which is no date.", "Write 2026-12-25."
            )
            return None

    def _agencies(self, top: Mapping[str, Node]) -> dict[str, Agency]:
        found = {}
        for key, node in self._reader.named(top.get("agencies"), "agencies", KEY).items():
            where = f"agencies.{key}"
            parts = self._reader.section(node, where, ("title", "email", "phone", "address"))
            found[key] = Agency(
                key,
                self._reader.text(parts.get("title"), f"{where}.title"),
                self._reader.plain(parts.get("email"), f"{where}.email"),
                self._reader.plain(parts.get("phone"), f"{where}.phone"),
                self._reader.words(parts.get("address"), f"{where}.address"),
            )
        return found

    def _roles(self, top: Mapping[str, Node]) -> dict[str, Role]:
        found = {}
        agencies = top["agencies"].value if "agencies" in top and top["agencies"].is_map else {}
        for key, node in self._reader.named(top.get("roles"), "roles", ROLE).items():
            where = f"roles.{key}"
            parts = self._reader.section(node, where, ("title", "agency", "holders"))
            agency = self._reader.plain(parts.get("agency"), f"{where}.agency")
            if agency:
                self._reader.known(agency, node.line, where, "agency", agencies)
            found[key] = Role(
                key,
                self._reader.text(parts.get("title"), f"{where}.title"),
                agency,
                self._reader.whole(parts.get("holders"), f"{where}.holders", 2),
            )
        return found

    def _events(self, top: Mapping[str, Node]) -> dict[str, LifeEvent]:
        found = {}
        for key, node in self._reader.named(top.get("events"), "events", KEY).items():
            parts = self._reader.section(node, f"events.{key}", ("title", "summary"))
            found[key] = LifeEvent(
                key,
                self._reader.text(parts.get("title"), f"events.{key}.title"),
                self._reader.text(parts.get("summary"), f"events.{key}.summary"),
            )
        return found

    def _lists(self, node: Node | None) -> Parameters:
        rows = {}
        for name, given in self._reader.named(node, "lists").items():
            plain = given.plain()
            if given.is_list:
                plain = {"1850-01-01": plain}
            elif given.is_map and "values" in plain:
                plain = plain["values"]
            rows[name] = {"unit": "list", "values": plain}
        return self._made(rows, {}, node.line if node else 0, "lists")

    def _parameters(self, top: Mapping[str, Node]) -> Parameters:
        found: dict[str, dict[str, Any]] = {"parameters": {}, "tariffs": {}}
        for kind, entries in found.items():
            for name in self._reader.words(top.get(kind), kind):
                node, _ = self._file(name, self._reader.languages)
                for key, value in node.value.items() if node.is_map else ():
                    if key in found["parameters"] or key in found["tariffs"]:
                        self._reader.error(top[kind].line, f'"{key}" is given twice ({name}).')
                    entries[key] = _parameter(value.plain())
        line = top["parameters"].line if "parameters" in top else 0
        return self._made(found["parameters"], found["tariffs"], line, "parameters")

    def _made(
        self, rates: dict[str, Any], tariffs: dict[str, Any], line: int, where: str
    ) -> Parameters:
        try:
            return Parameters.from_mapping(rates, tariffs)
        except ParameterError as error:
            self._reader.error(line, f"{where}: {error}")
            return Parameters()

    def _functions(self, modules: tuple[str, ...]) -> tuple[Function, ...]:
        found: dict[str, Function] = {}
        for name in modules:
            if not NAME.fullmatch(name):
                self._reader.error(0, f'functions: "{name}" is no module name.')
                continue
            try:
                functions = _module(self.folder, name).FUNCTIONS
            except (ImportError, AttributeError, OSError) as error:
                self._reader.error(0, f"functions/{name}.py cannot be used: {error}.")
                continue
            for function in functions:
                if function.name in found:
                    self._reader.error(0, f'two functions are named "{function.name}".')
                found[function.name] = function
        return tuple(found.values())

    def _fallbacks(self, node: Node | None) -> dict[str, str]:
        if node is None:
            return {}
        parts = self._reader.section(node, "fallbacks", ("if_down", "if_none", "if_refused"))
        return {
            key: self._reader.one_of(each, f"fallbacks.{key}", ACTIONS, "review")
            for key, each in parts.items()
        }

    def _fixtures(
        self, node: Node | None, registers: Mapping[str, Register]
    ) -> dict[str, dict[str, dict[str, Any]]]:
        if node is None:
            return {}
        reader = self._reader
        if node.is_text:
            node, reader = self._file(node.value, reader.languages)
        found = RegisterReader(reader).fixtures(node, registers)
        if reader is not self._reader:
            self.problems.extend(reader.findings.ordered())
        return found

    def _today(self, node: Node | None) -> date | None:
        if node is None:
            return None
        parts = self._reader.section(node, "tests", ("today",))
        today = parts.get("today")
        return self._day(today.value, today.line, self._reader, "tests.today") if today else None


def _parameter(entry: Any) -> Any:
    """Titles in several languages are for pages; the engine needs only one line."""
    if isinstance(entry, dict) and isinstance(entry.get("title"), dict):
        entry["title"] = next(iter(entry["title"].values()), "")
    if isinstance(entry, dict) and "tables" in entry and "values" not in entry:
        entry["values"] = entry.pop("tables")
    return entry


def _module(folder: Path, name: str) -> ModuleType:
    """Import `functions/<name>.py` by its package name, or from its file alone."""
    parts: list[str] = []
    above = folder.resolve()
    while (above / "__init__.py").is_file():
        parts.insert(0, above.name)
        above = above.parent
    if parts and (folder / "functions" / "__init__.py").is_file():
        return importlib.import_module(".".join([*parts, "functions", name]))
    path = folder / "functions" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"_pack_{folder.name}_{name}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
