"""Making a definition live, or refusing it with everything that is wrong."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final, Literal

from townhall.catalogue import models, searching
from townhall.catalogue.engine import compiler, diff, meaning, testing
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.diff import Change
from townhall.catalogue.engine.problems import Problem, render
from townhall.catalogue.engine.testing import TestReport
from townhall.catalogue.operations import library
from townhall.foundation import events
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope

PUBLISHER: Final = "catalogue.owner"
_SUBJECTS: Final = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562, name space URL


class NotPermitted(PermissionError):
    """The actor may not publish service definitions."""


class PublicationRefused(ValueError):
    """The definition does not go live; the version that is live goes on.

    Attributes
    ----------
    problems
        What the compiler and linter found.
    report
        The tests, if it came to them.
    reason
        In one sentence.
    """

    def __init__(
        self,
        reason: str,
        problems: tuple[Problem, ...] = (),
        report: TestReport | None = None,
    ) -> None:
        self.reason, self.problems, self.report = reason, problems, report
        details = [render(problems)] if problems else []
        if report is not None and not report.passed:
            details.append(report.render())
        super().__init__("\n".join([reason, *details]))


@dataclass(frozen=True, slots=True)
class Publication:
    """What came of one definition file.

    `status`: it is live now, it was live already, or it was refused and
    `reason` says why.
    """

    service: str
    status: Literal["published", "unchanged", "refused"]
    hash: str = ""
    number: int = 0
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    reason: str = ""


def publish(*, text: str, filename: str, acting: Acting) -> Publication:
    """Make a definition the live version of its service.

    The gate: no error of the compiler or linter, every test in the file passes,
    the version number is higher than any before, every state that disappears is
    mapped to another, and a question that now means something else says so.

    Parameters
    ----------
    text, filename
        The file; the name is used in messages.
    acting
        The system, or somebody with the role `catalogue.owner`.

    Raises
    ------
    NotPermitted
    PublicationRefused
        With everything that is wrong; nothing has changed then.
    """
    if not (acting.system or PUBLISHER in acting.roles):
        raise NotPermitted("Only a service owner can publish a definition.")
    compiled = compiler.compile_text(text, library.pack(), filename, services=_services())
    definition = compiled.definition
    if definition is None:
        raise PublicationRefused("The definition has errors.", compiled.problems)
    library.forget()  # what was live a second ago does not say what is to be published
    known = library.pointers().get(definition.service)
    if known is not None and known.live == definition.hash:
        return Publication(definition.service, "unchanged", definition.hash, definition.version)
    report = testing.run_tests(definition)
    if not report.passed:
        raise PublicationRefused("Tests of the definition fail.", compiled.problems, report)
    with scope(acting):
        changes = _put_live(definition, compiled.problems, report, acting)
    library.forget()
    if changes is None:
        return Publication(definition.service, "unchanged", definition.hash, definition.version)
    library.remember(definition)
    return Publication(
        definition.service,
        "published",
        definition.hash,
        definition.version,
        changes,
        compiled.problems,
    )


def _services() -> frozenset[str]:
    """Return the services that a definition may name: live ones, and those of the pack."""
    return library.pack().services | frozenset(library.pointers())


def _put_live(
    definition: Definition, problems: tuple[Problem, ...], report: TestReport, acting: Acting
) -> tuple[Change, ...] | None:
    """Store the version under the service's lock; None if another publisher was first with it."""
    service = models.lock(definition.service)
    if service.live == definition.hash:
        return None
    newest = models.newest(service)
    if definition.version <= newest:
        raise PublicationRefused(
            f"Version {definition.version} of {definition.service} is not new: "
            f"version {newest} exists. Write  version: {newest + 1}."
        )
    changes: tuple[Change, ...] = ()
    if service.live:
        before = library.by_hash(service.live)
        _insist_on_migration(before, definition)
        changes = diff.compare(before, definition)
    models.add_version(
        service,
        hash=definition.hash,
        number=definition.version,
        source=definition.source,
        canonical=definition.canonical,
        problems=[each.as_json() for each in problems],
        report=report.as_json(),
        changes=[each.as_json() for each in changes],
        roles=definition.roles,
        by=acting.actor,
    )
    for language in definition.languages:
        config = searching.configuration(language)
        models.set_words(service, language, config, searching.weighted(definition, language))
    events.record(
        "catalogue.published",
        subject=uuid.uuid5(_SUBJECTS, f"service:{definition.service}"),
        person_id=None,
        acting=acting,
        service_no=service.number,
        payload={
            "service": definition.service,
            "hash": definition.hash,
            "version": definition.version,
            "changes": [each.kind for each in changes],
        },
    )
    return changes


def _insist_on_migration(before: Definition, after: Definition) -> None:
    lost = meaning.unmapped_states(before, after)
    if lost:
        raise PublicationRefused(
            f"The state “{lost[0]}” disappears, but cases may stand in it. "
            f"Add  migrate: {{states: {{{lost[0]}: <state>}}}}."
        )
    for datum in meaning.unexplained_meanings(before, after):
        raise PublicationRefused(
            f"{after.filename}:{datum.line}  “{datum.name}” asks something else than in version "
            f"{before.version}. Take a new key, or add  changed_meaning: yes  if answers to the "
            "old question must be asked again."
        )


def load_packs(*, acting: Acting = SYSTEM) -> tuple[Publication, ...]:
    """Publish every definition of the pack that is not live yet.

    A file that is refused leaves its old version live and does not stop the
    others; the caller shows what is said about it.
    """
    done = []
    for path in library.pack().service_files:
        try:
            text = path.read_text(encoding="utf-8")
            done.append(publish(text=text, filename=path.name, acting=acting))
        except (PublicationRefused, OSError, UnicodeDecodeError) as error:
            reason = error.reason if isinstance(error, PublicationRefused) else str(error)
            problems = error.problems if isinstance(error, PublicationRefused) else ()
            done.append(
                Publication(path.stem, "refused", problems=problems, reason=f"{reason}\n{error}")
            )
    return tuple(done)
