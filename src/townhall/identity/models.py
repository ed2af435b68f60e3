"""Accounts and role grants, and the only code that writes them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from townhall.foundation.database.identifiers import uuid7

LEVELS = ("none", "low", "substantial", "high")


class AccountManager(BaseUserManager["Account"]):
    """Finds and makes accounts."""

    def with_roles(self) -> models.QuerySet[Account]:
        """Return accounts that carry their live grants as `grants`, in the same query."""
        live = (
            RoleGrant.objects.filter(account=models.OuterRef("pk"), revoked_at=None)
            .values("account")
            .annotate(
                held=models.Func(
                    models.Func("role", "agency", function="jsonb_build_array"),
                    function="jsonb_agg",
                    output_field=models.JSONField(),
                )
            )
            .values("held")
        )
        return self.get_queryset().annotate(
            held=models.Subquery(live, output_field=models.JSONField())
        )

    def of_session(self, account_id: UUID | str) -> Account | None:
        """Return the account of a running session with its live grants.

        The same as `with_roles`, from one fixed statement: every page begins with it, and
        building the query takes longer than running it.
        """
        columns, sql = _session_statement()
        with connection.cursor() as cursor:
            cursor.execute(sql, [account_id])
            row = cursor.fetchone()
        if row is None:
            return None
        account = self.model.from_db(self.db, columns, row[:-1])
        account.held = json.loads(row[-1]) if isinstance(row[-1], str) else row[-1]
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email=(username or "").lower())

    def open(
        self,
        *,
        email: str,
        display_name: str = "",
        person_id: UUID | None = None,
        password: str | None = None,
        language: str = "en",
        proofing: str = "low",
    ) -> Account:
        """Make an account; without `person_id` for a person nobody knew before."""
        account = self.model(
            email=email.lower(),
            display_name=display_name,
            language=language,
            proofing=proofing,
        )
        if person_id is not None:
            account.person_id = person_id
        account.set_password(password)
        account.save(force_insert=True)
        return account


@cache
def _session_statement() -> tuple[list[str], str]:
    # The demo's note is long, and shown on one page only.
    names = [each.attname for each in Account._meta.concrete_fields if each.name != "demo_note"]
    listed = ", ".join(f"account.{name}" for name in names)
    sql = (
        f"SELECT {listed}, (SELECT jsonb_agg(jsonb_build_array(role, agency))"  # noqa: S608
        " FROM identity_role_grant AS held WHERE held.account_id = account.id"
        " AND held.revoked_at IS NULL) FROM identity_account AS account WHERE account.id = %s"
    )
    return names, sql


class Account(AbstractBaseUser):
    """What signs in.

    Attributes
    ----------
    person_id : the human being behind the account. Somebody may have a private and a
        working account, with the same id: so it shows who decides on their own case.
    proofing : how surely the person is the one they say ("low", "substantial", "high").
    demo_key : name of a one-click demo account; null for all others.
    session_epoch : part of what every session must agree with; counting it up ends
        all sessions at once, also those that no list knows.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField(default=uuid7, db_index=True)
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=20, default="en")
    proofing = models.CharField(max_length=12, default="low")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
    demo_key = models.CharField(max_length=60, null=True, unique=True)
    demo_note = models.JSONField(default=dict)
    session_epoch = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = AccountManager()

    class Meta:
        db_table = "identity_account"
        constraints = (
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="identity_account_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(proofing__in=LEVELS[1:]), name="identity_account_proofing"
            ),
        )

    def __str__(self) -> str:
        return self.display_name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "townhall.identity.Account.session",
            f"{self.password}:{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    def get_session_auth_hash(self) -> str:
        """Return what a session keeps of the account; another value ends the session."""
        return self._get_session_auth_hash()

    def end_sessions(self) -> None:
        """End every session of this account, from the next request on."""
        Account.objects.filter(pk=self.pk).update(session_epoch=F("session_epoch") + 1)
        self.refresh_from_db(fields=["session_epoch"])

    @property
    def grants(self) -> tuple[tuple[str, str], ...]:
        """The live (role, agency) pairs, read with the account or now."""
        held = getattr(self, "held", ...)
        if held is ...:
            held = list(
                RoleGrant.objects.filter(account=self, revoked_at=None).values_list(
                    "role", "agency"
                )
            )
            self.held = held
        return tuple(sorted((role, agency) for role, agency in held or ()))

    @property
    def is_officer(self) -> bool:
        """True for a working account."""
        return bool(self.grants)


class RoleGrant(models.Model):
    """A role that an account holds for an agency, from one act to another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=100)
    agency = models.CharField(max_length=100)
    granted_by = models.CharField(max_length=100)
    granted_at = models.DateTimeField(db_default=Now())
    revoked_by = models.CharField(max_length=100, default="")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_role_grant"
        constraints = (
            models.UniqueConstraint(
                fields=["account", "role", "agency"],
                condition=Q(revoked_at=None),
                name="identity_role_grant_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} of {self.agency}"


def forget_attempts() -> int:
    """Delete counts of attempts whose time has passed; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_attempt WHERE expires < now()")
        return cursor.rowcount
