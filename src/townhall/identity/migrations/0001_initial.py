"""Accounts and role grants; only the system scope writes who holds which role."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import townhall.foundation.database.identifiers

ROLES_BY_SYSTEM_ONLY = migrations.RunSQL(
    """
    ALTER TABLE identity_role_grant ENABLE ROW LEVEL SECURITY;
    ALTER TABLE identity_role_grant FORCE ROW LEVEL SECURITY;
    CREATE POLICY identity_role_grant_read ON identity_role_grant FOR SELECT USING (true);
    CREATE POLICY identity_role_grant_add ON identity_role_grant FOR INSERT
        WITH CHECK ((SELECT current_setting('app.system', true)) = 'on');
    CREATE POLICY identity_role_grant_change ON identity_role_grant FOR UPDATE
        USING ((SELECT current_setting('app.system', true)) = 'on');
    REVOKE DELETE, TRUNCATE ON identity_role_grant, identity_account FROM townhall_app;
    """,
    """
    GRANT DELETE ON identity_role_grant, identity_account TO townhall_app;
    DROP POLICY identity_role_grant_change ON identity_role_grant;
    DROP POLICY identity_role_grant_add ON identity_role_grant;
    DROP POLICY identity_role_grant_read ON identity_role_grant;
    ALTER TABLE identity_role_grant NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE identity_role_grant DISABLE ROW LEVEL SECURITY;
    """,
)

# How often something was tried, for limits that hold over all web processes. Worth
# nothing after a crash, so it is not written to the log.
ATTEMPTS = migrations.RunSQL(
    """
    CREATE UNLOGGED TABLE identity_attempt (
        cache_key varchar(255) PRIMARY KEY,
        value     text NOT NULL,
        expires   timestamptz NOT NULL
    );
    CREATE INDEX identity_attempt_expires ON identity_attempt (expires);
    """,
    "DROP TABLE identity_attempt;",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=townhall.foundation.database.identifiers.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "person_id",
                    models.UUIDField(
                        default=townhall.foundation.database.identifiers.uuid7, db_index=True
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("display_name", models.CharField(blank=True, max_length=200)),
                ("language", models.CharField(default="en", max_length=20)),
                ("proofing", models.CharField(default="low", max_length=12)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                    ),
                ),
                ("demo_key", models.CharField(max_length=60, null=True, unique=True)),
                ("demo_note", models.JSONField(default=dict)),
                ("session_epoch", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "identity_account",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email"))
                        ),
                        name="identity_account_email_is_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("proofing__in", ("low", "substantial", "high"))),
                        name="identity_account_proofing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=townhall.foundation.database.identifiers.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("role", models.CharField(max_length=100)),
                ("agency", models.CharField(max_length=100)),
                ("granted_by", models.CharField(max_length=100)),
                (
                    "granted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("revoked_by", models.CharField(default="", max_length=100)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "identity_role_grant",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("account", "role", "agency"),
                        name="identity_role_grant_once",
                    )
                ],
            },
        ),
        ROLES_BY_SYSTEM_ONLY,
        ATTEMPTS,
    ]
