"""The law to look at: its parts, what rests on what, who uses a rate, and who checks a rule."""

from __future__ import annotations

import ast
import importlib.util
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from townhall.rules.engine.law import Law, Lawbook

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the law: the rules and facts of a book, in its order."""

    name: str
    rules: tuple[str, ...]
    facts: tuple[str, ...]

    @property
    def title(self) -> str:
        words = self.name.replace("_", " ")
        return words[:1].upper() + words[1:]


def parts(book: Lawbook) -> tuple[Part, ...]:
    """Return the parts of the law that have something in them, by name."""
    found = []
    for each in sorted(book.books, key=lambda one: one.name):
        rules = tuple(dict.fromkeys(version.name for version in each.versions))
        facts = tuple(fact.name for fact in each.facts)
        if rules or facts:
            found.append(Part(each.name, rules, facts))
    return tuple(found)


def part_of(book: Lawbook, name: str) -> Part | None:
    """Return the part in which a rule or a fact stands."""
    return next((part for part in parts(book) if name in part.rules + part.facts), None)


def search(book: Lawbook, asked: str, language: str) -> tuple[str, ...]:
    """Return rules, facts and rates in whose title, name or law all words stand, best first.

    A word may be the beginning of one; titles come before names, and names before laws.
    """
    wanted = _words(asked)
    if not wanted:
        return ()
    found: list[tuple[int, int, str]] = []
    for place, (name, texts) in enumerate(_texts(book, language)):
        rank = next((at for at, text in enumerate(texts) if _fits(wanted, text)), None)
        if rank is None and _fits(wanted, " ".join(texts)):
            rank = len(texts)
        if rank is not None:
            found.append((rank, place, name))
    return tuple(name for _, _, name in sorted(found))


def _texts(book: Lawbook, language: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    for name, versions in book.versions.items():
        source = versions[-1].source
        title = source.title.get(language) or source.title["en"]
        yield name, (title, name.replace("_", " "), source.cite)
    for name, fact in book.facts.items():
        yield name, (fact.title.get(language) or fact.title["en"], name.replace("_", " "))
    for key in book.parameters:
        yield key, (book.parameters[key].title, re.sub(r"[_.]", " ", key))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))


def _fits(wanted: Iterable[str], text: str) -> bool:
    there = _words(text)
    return all(any(word.startswith(each) for word in there) for each in wanted)


# --- what rests on what


def users(law: Law) -> Mapping[str, tuple[str, ...]]:
    """Return for each rule, fact and rate the rules that use it themselves."""
    return _users(law)


@lru_cache(maxsize=8)
def _users(law: Law) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for variable in law.variables.values():
        for used in (*variable.arguments, *variable.rates):
            found.setdefault(used, []).append(variable.name)
    return {name: tuple(dict.fromkeys(several)) for name, several in found.items()}


def everything_below(law: Law, name: str) -> Mapping[str, int]:
    """Return all that a rule rests on, with how many rules lie between."""
    distance = {name: 0}
    front = [name]
    while front:
        behind = []
        for each in front:
            for used in law.variables[each].arguments:
                if used not in distance:
                    distance[used] = distance[each] + 1
                    behind.append(used)
        front = behind
    return distance


def programmes_on(law: Law, name: str) -> tuple[str, ...]:
    """Return the programmes that rest on a rule, a fact or a rate."""
    found = []
    for programme in law.book.programmes.values():
        below = everything_below(law, programme.goal)
        rates = {key for each in below for key in law.variables[each].rates}
        if name in below or name in rates:
            found.append(programme.name)
    return tuple(found)


# --- who checks it


@lru_cache(maxsize=8)
def suites(pack: str) -> Mapping[str, frozenset[str]]:
    """Return the names that each published suite of a pack speaks of, as texts in its code."""
    try:
        spec = importlib.util.find_spec(f"townhall.packs.{pack}.verification")
    except ModuleNotFoundError:
        return {}
    if spec is None or not spec.submodule_search_locations:
        return {}
    folder = Path(next(iter(spec.submodule_search_locations)))
    listed = _suites_of(folder / "__init__.py")
    return {
        suite: _named(folder, *place.partition(":")[::2])
        for suite, place in listed.items()
        if (folder / f"{place.partition(':')[0]}.py").exists()
    }


def _suites_of(path: Path) -> Mapping[str, str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        target = getattr(node, "target", None) or next(iter(getattr(node, "targets", ())), None)
        if isinstance(target, ast.Name) and target.id == "SUITES":
            found: Mapping[str, str] = ast.literal_eval(node.value)  # type: ignore[attr-defined]
            return found
    return {}


def _named(folder: Path, module: str, function: str) -> frozenset[str]:
    """Return the texts in a function, in what it calls beside it, and in modules it comes with."""
    tree = ast.parse((folder / f"{module}.py").read_text(encoding="utf-8"))
    bodies: dict[str, ast.AST] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            bodies[node.name] = node
        for target in _targets(node):
            bodies[target] = node
    texts: set[str] = set()
    front, seen = [function], set()
    while front:
        name = front.pop()
        if name in seen or name not in bodies:
            continue
        seen.add(name)
        texts.update(_constants(bodies[name]))
        front += [each.id for each in ast.walk(bodies[name]) if isinstance(each, ast.Name)]
    for beside in _beside(folder, module):
        texts.update(_constants(ast.parse(beside.read_text(encoding="utf-8"))))
    return frozenset(texts)


def _constants(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _targets(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _beside(folder: Path, module: str) -> Iterable[Path]:
    """Return the modules that a suite is spread over: those that its name begins."""
    if module == "policyengine":
        return [*folder.glob("policyengine_*.py"), *folder.glob("names*.py")]
    return folder.glob(f"{module}_*.py") if module != "govuk" else ()


def suites_of(pack: str, law: Law, name: str) -> tuple[tuple[str, str], ...]:
    """Return the suites that touch a rule: (suite, the rule by which they do).

    The rule itself where they name it, else the nearest rule above it that they name.
    """
    above = _distance_above(law, name)
    found = []
    for suite, names in suites(pack).items():
        through = min(
            (each for each in above if each in names and each in law.book.versions),
            key=lambda each: above[each],
            default=None,
        )
        if through is not None:
            found.append((suite, through))
    return tuple(found)


def _distance_above(law: Law, name: str) -> Mapping[str, int]:
    using = users(law)
    distance = {name: 0}
    front = [name]
    while front:
        behind = []
        for each in front:
            for user in using.get(each, ()):
                if user not in distance:
                    distance[user] = distance[each] + 1
                    behind.append(user)
        front = behind
    return distance
