"""The public record: what every log holds, who vouches for it, and the files for programs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from townhall.foundation.text import formats, gettext
from townhall.ledger import receipts, showing
from townhall.ledger.showing import AlarmView, LogView, Witnesses
from townhall.portal import ledgerwords
from townhall.portal.context import page
from townhall.portal.pages import proofs

FOREVER = "public, max-age=31536000, immutable"
SECONDS = "public, max-age=1"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show every log, who vouches, and why nobody can rewrite it."""
    logs, vouching = showing.all_logs(), showing.witnesses()
    return page(
        request,
        "portal/ledger.html",
        logs=[_log_row(each, vouching) for each in logs],
        tiles=_tiles(logs, vouching),
        witnesses=_vouching(vouching) if vouching else None,
        alarms=_alarms(len(logs)),
    )


@require_safe
def one_log(request: HttpRequest, name: str) -> HttpResponse:
    """Show one log: its newest entries and checkpoints."""
    log = showing.one_log(name)
    if log is None:
        raise Http404
    before = request.GET.get("before", "")
    start = int(before) if before.isdecimal() and len(before) < 16 else None
    entries = showing.final_entries(name, before=start)
    last = entries[-1].index if entries else 0
    return page(
        request,
        "portal/ledger_log.html",
        title=ledgerwords.title_of(name),
        about=ledgerwords.about(name),
        row=_log_row(log, showing.witnesses()),
        origin=log.origin,
        keys=log.keys,
        kinds=_kinds(log),
        entries=[
            {
                "index": formats.number(each.index + 1),  # programs count from 0, people from 1
                "kind": ledgerwords.kind_of(each.kind),
                "at": formats.instant(each.at),
                "public": ledgerwords.fields(each.public),
                "committed": [ledgerwords.field_of(each) for each in each.committed],
                "leaf": each.leaf,
                "receipt": f"/ledger/{name}/receipt/{each.index}",
            }
            for each in entries
        ],
        checkpoints=[
            {
                "size": formats.number(each.size),
                "root": each.root,
                "final": formats.instant(each.final_at),
                "cosigners": [ledgerwords.party(one) for one in each.cosigners],
            }
            for each in (showing.newest_checkpoints(name, 10) if start is None else [])
        ],
        next=f"/ledger/{name}?before={last}" if last else "",
        first=f"/ledger/{name}" if start is not None else "",
        name=name,
    )


@require_safe
def public_file(request: HttpRequest, name: str, path: str) -> HttpResponse:
    """Hand out a checkpoint or a tile (C2SP tlog-tiles), for programs that check us."""
    content = showing.public_file(name, path)
    if content is None:
        raise Http404
    checkpoint = path == "checkpoint"
    response = HttpResponse(
        content,
        content_type="text/plain; charset=utf-8" if checkpoint else "application/octet-stream",
    )
    response["Cache-Control"] = SECONDS if checkpoint else FOREVER
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def public_receipt(request: HttpRequest, name: str, index: int) -> HttpResponse:
    """Hand out the receipt of any final entry, with nothing opened."""
    return proofs.handed_out(
        request, lambda: receipts.public_receipt(name, index), name=f"{name}-{index + 1}"
    )


@require_safe
def proof(request: HttpRequest, name: str, index: int) -> HttpResponse:
    """Hand out the place of an entry in its log, for programs (C2SP tlog-proof)."""
    try:
        made = receipts.public_receipt(name, index)
    except receipts.NoWitnesses as error:
        raise Http404 from error
    if made is None:
        raise Http404
    response = HttpResponse(made.proof.render(), content_type="text/plain; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _alarms(every: int) -> list[dict[str, Any]]:
    """Return what is wrong, once for all logs, in words that are for anybody."""
    same: dict[tuple[str, str], list[AlarmView]] = {}
    for each in showing.open_alarms():
        same.setdefault((each.kind, each.witness), []).append(each)
    told = []
    for (kind, witness), found in same.items():
        logs = sorted({name for each in found for name in each.logs if name})
        told.append(
            {
                "logs": gettext("All logs")
                if len(logs) == every
                else ", ".join(map(ledgerwords.title_of, logs)),
                "words": ledgerwords.alarm(kind, witness),
                "since": formats.instant(min(each.since for each in found)),
                "delays": kind in (showing.NOT_FINAL, showing.NOT_SIGNING, showing.STOPPED),
            }
        )
    return told


def _log_row(log: LogView, vouching: Witnesses | None) -> dict[str, Any]:
    return {
        "href": f"/ledger/{log.name}",
        "title": ledgerwords.title_of(log.name),
        "about": ledgerwords.about(log.name),
        "size": formats.number(log.size),
        "waiting": log.size - log.final,
        "final": formats.instant(log.final_at) if log.final_at else "",
        "cosigners": gettext("%(signed)s of %(of)s")
        % {"signed": len(log.cosigners), "of": len(vouching.parties)}
        if vouching and log.final
        else "–",
    }


def _tiles(logs: list[LogView], vouching: Witnesses | None) -> list[dict[str, Any]]:
    newest = max((each.final_at for each in logs if each.final_at), default=None)
    return [
        {"label": gettext("Entries"), "value": formats.number(sum(each.size for each in logs))},
        {
            "label": gettext("Newest seal"),
            "value": formats.instant(newest) if newest else gettext("none yet"),
        },
        {
            "label": gettext("Witnesses"),
            "value": formats.number(len(vouching.parties) if vouching else 0),
            "kind": "accent" if vouching else "warning",
        },
    ]


def _vouching(vouching: Witnesses) -> dict[str, Any]:
    return {
        "parties": ledgerwords.witness_pages(vouching),
        "count": len(vouching.parties),
        "enough": vouching.enough,
        "to_fork": vouching.to_fork,
        "to_stop": vouching.to_stop,
        "demonstration": vouching.demonstration,
        "fingerprint": vouching.fingerprint,
        "text": vouching.text,
    }


def _kinds(log: LogView) -> list[dict[str, Any]]:
    most = max(log.counts.values(), default=1)
    return [
        {
            "title": ledgerwords.kind_of(kind),
            "count": formats.number(count),
            "share": round(100 * count / most),
        }
        for kind, count in sorted(log.counts.items(), key=lambda each: -each[1])
    ]
