"""The tables of the one-stop list, and the only code that writes them.

Nothing here is about a person, so there is no row-level security; every row names its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import models, transaction
from django.db.models.functions import Now

from townhall.directory import councils
from townhall.foundation.database.identifiers import uuid7

_BATCH = 1_000


class Source(models.Model):
    """A published list: who made it, under which licence, and what exactly was read."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.TextField()
    licence = models.TextField()
    notice = models.TextField()
    changed_on = models.DateField(null=True)
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "directory_source"
        constraints = (models.UniqueConstraint(fields=["digest"], name="directory_source_digest"),)


class Authority(models.Model):
    """A council. The links point at it by its slug, which is its stable name."""

    slug = models.TextField(primary_key=True)
    name = models.TextField()
    gss = models.TextField(blank=True)
    tier = models.TextField(blank=True)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="districts"
    )
    country = models.TextField(blank=True)
    homepage = models.TextField(blank=True)
    listed = models.BooleanField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "directory_authority"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(tier__in=["", *councils.TIERS.values()]),
                name="directory_authority_tier",
            ),
        )


class Service(models.Model):
    """A local service, by its code in the Local Government Services List."""

    code = models.PositiveIntegerField(primary_key=True)
    slug = models.TextField(unique=True)
    titles = models.JSONField()
    townhall_service = models.TextField(blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "directory_service"


class Link(models.Model):
    """Where an authority offers a service, as last known."""

    id = models.BigAutoField(primary_key=True)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="links")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="links")
    interaction = models.PositiveSmallIntegerField()
    address = models.TextField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "directory_link"
        constraints = (
            models.UniqueConstraint(
                fields=["authority", "service", "interaction"], name="directory_link_once"
            ),
        )


def is_current(digest: str) -> bool:
    """Say whether exactly these lists are in the tables already."""
    return Source.objects.filter(digest=digest).exists()


def replace(read: councils.Councils) -> Source:
    """Put the lists in the place of what is there, in the open transaction."""
    with transaction.atomic(savepoint=False):
        Link.objects.all().delete()
        Service.objects.all().delete()
        Authority.objects.filter(parent__isnull=False).delete()
        Authority.objects.all().delete()
        Source.objects.all().delete()
        source = Source.objects.create(
            name=read.source.name,
            licence=read.source.licence,
            notice=read.source.notice,
            changed_on=read.source.changed_on,
            digest=read.source.digest,
        )
        # Counties first: districts point at them.
        ordered = sorted(read.authorities, key=lambda authority: bool(authority.parent))
        Authority.objects.bulk_create(_authorities(ordered, source), batch_size=_BATCH)
        Service.objects.bulk_create(
            (
                Service(
                    code=service.code,
                    slug=service.slug,
                    titles=dict(service.titles),
                    townhall_service=service.townhall_service,
                    source=source,
                )
                for service in read.services
            ),
            batch_size=_BATCH,
        )
        Link.objects.bulk_create(
            (
                Link(
                    authority_id=link.authority,
                    service_id=link.service,
                    interaction=link.interaction,
                    address=link.address,
                    source=source,
                )
                for link in read.links
            ),
            batch_size=_BATCH,
        )
    return source


def _authorities(read: Iterable[councils.Authority], source: Source) -> Iterator[Authority]:
    for authority in read:
        yield Authority(
            slug=authority.slug,
            name=authority.name,
            gss=authority.gss,
            tier=authority.tier,
            parent_id=authority.parent or None,
            country=authority.country,
            homepage=authority.homepage,
            listed=authority.listed,
            source=source,
        )
