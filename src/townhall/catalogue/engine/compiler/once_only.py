"""A pack's `once_only:` file: what registers know that the law needs, outside any service.

*What can I get?* belongs to no service, so no service says how its register facts become facts
of the law. The pack says it once, with the words of a service: `data:` (all of it `from:` a
register or computed), and `people:`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from townhall.catalogue.engine import source
from townhall.catalogue.engine.compiler import content
from townhall.catalogue.engine.compiler.data import DataReader
from townhall.catalogue.engine.compiler.expressions import Names
from townhall.catalogue.engine.compiler.people import PeopleReader
from townhall.catalogue.engine.compiler.service import WHO_KEYS
from townhall.catalogue.engine.definition import Definition, Who
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.pack import PackError
from townhall.catalogue.engine.problems import Findings
from townhall.catalogue.engine.reader import Reader
from townhall.catalogue.engine.source import Node

KEYS: Final = ("agency", "who", "law", "children_under", "data", "people")
LEVELS: Final = ("low", "substantial", "high")


@dataclass(frozen=True, slots=True)
class OnceOnly:
    """What registers may be asked for somebody who wants to know what they can get.

    Attributes
    ----------
    definition
        Its data are those of registers, and what is computed from them; it asks nothing,
        has no flow and is no service.
    children_under
        Whom the questions count as a child: younger than so many years.
    """

    definition: Definition
    children_under: int

    @property
    def registers(self) -> tuple[str, ...]:
        """Keys of the registers that are read, each once."""
        found = (datum.source.register for datum in self.definition.register_data if datum.source)
        return tuple(dict.fromkeys(found))


def once_only(pack: Pack) -> OnceOnly | None:
    """Read the file that the pack names; None if it names none.

    Raises
    ------
    PackError
        With every problem found.
    """
    if not pack.once_only:
        return None
    findings = Findings(pack.once_only)
    try:
        root = source.load(pack.read(pack.once_only), findings)
    except (OSError, UnicodeDecodeError) as error:
        findings.error(0, f"the file cannot be read: {error}.")
        root = None
    found = None if root is None else _read(root, pack, findings)
    if found is None or findings.has_errors:
        raise PackError(findings.ordered())
    return found


def _read(root: Node, pack: Pack, findings: Findings) -> OnceOnly:
    reader = Reader(findings, pack.languages)
    names = Names(pack, reader)
    top = reader.section(root, "once_only", KEYS)
    data = DataReader(pack, reader, names, {}, {})
    data.read(top.get("data"))
    for name, datum in data.data.items():
        if datum.kind == "asked":
            reader.error(
                datum.line,
                f"data.{name} is asked of people; here only registers are read.",
                "Add  from: registers.<register>.<fact>.",
            )
    people = PeopleReader(pack, reader, names).read(top.get("people"))
    agency = reader.plain(top.get("agency"), "agency")
    reader.known(agency, root.line, "agency", "agency", pack.agencies)
    who = top.get("who")
    parts = reader.section(who, "who", WHO_KEYS) if who is not None else {}
    level = reader.one_of(parts.get("login"), "who.login", LEVELS, "substantial")
    definition = Definition(
        service="",
        version=0,
        hash="",
        title={},
        pack=pack,
        filename=findings.file,
        agency=agency,
        who=Who(level),  # type: ignore[arg-type]
        law=content.laws(reader, top.get("law")),
        data=data.data,
        order=data.order,
        triggers=data.triggers,
        people=people,
        languages=pack.languages,
    )
    return OnceOnly(definition, reader.whole(top.get("children_under"), "children_under", 18, 30))
