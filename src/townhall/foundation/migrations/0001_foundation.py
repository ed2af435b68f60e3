"""The tables of jobs, periodic work, events and files, and what nobody may do to them."""

import django.db.models.functions.datetime
from django.db import migrations, models

import townhall.foundation.database.identifiers
from townhall.foundation.database.policies import append_only, citizen_owned

# The insertion order of events; assigned by the database, never by a caller.
POSITION = migrations.RunSQL(
    "ALTER TABLE foundation_event ALTER COLUMN position ADD GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE foundation_event ALTER COLUMN position DROP IDENTITY",
)

# The missing grants bind the application; the trigger also stops the owner's slip of the hand.
# TRUNCATE and DROP stay with the owner, who needs them to restore and to retire a table.
REFUSE_CHANGE = migrations.RunSQL(
    """
    CREATE FUNCTION foundation_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege',
                  HINT = 'Add a row that corrects the earlier one.';
    END $$;
    CREATE TRIGGER foundation_event_append_only BEFORE UPDATE OR DELETE ON foundation_event
        FOR EACH STATEMENT EXECUTE FUNCTION foundation_refuse_change();
    """,
    """
    DROP TRIGGER foundation_event_append_only ON foundation_event;
    DROP FUNCTION foundation_refuse_change();
    """,
)

# Rows of the queue live for milliseconds: clean up after a thousand, whatever the table's size.
QUEUE_STORAGE = migrations.RunSQL(
    "ALTER TABLE foundation_job SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0,"
    " autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0)",
    "ALTER TABLE foundation_job RESET (fillfactor, autovacuum_vacuum_scale_factor,"
    " autovacuum_vacuum_threshold, autovacuum_vacuum_cost_delay)",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Periodic",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("every", models.DurationField()),
                (
                    "next_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("last_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "foundation_periodic",
            },
        ),
        migrations.CreateModel(
            name="EventRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=townhall.foundation.database.identifiers.uuid7,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("position", models.BigIntegerField(editable=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("kind", models.TextField()),
                ("subject", models.UUIDField()),
                ("person_id", models.UUIDField(null=True)),
                ("service_no", models.IntegerField(null=True)),
                ("actor", models.TextField()),
                ("on_behalf_of", models.UUIDField(null=True)),
                ("mandate", models.UUIDField(null=True)),
                ("assurance", models.TextField(db_default="none")),
                ("channel", models.TextField(db_default="web")),
                ("payload", models.JSONField(db_default={})),
            ],
            options={
                "db_table": "foundation_event",
                "indexes": [
                    models.Index(fields=["subject", "position"], name="foundation_event_subject"),
                    models.Index(
                        condition=models.Q(("person_id__isnull", False)),
                        fields=["person_id", "position"],
                        name="foundation_event_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FileRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=townhall.foundation.database.identifiers.uuid7,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.UUIDField(null=True)),
                ("service_no", models.IntegerField(null=True)),
                ("sha256", models.TextField()),
                ("size", models.BigIntegerField()),
                ("media_type", models.TextField()),
                ("name", models.TextField()),
                (
                    "scan",
                    models.TextField(
                        choices=[
                            ("clean", "clean"),
                            ("infected", "infected"),
                            ("not scanned", "not scanned"),
                        ],
                        db_default="not scanned",
                    ),
                ),
                ("created_by", models.TextField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "db_table": "foundation_file",
                "indexes": [
                    models.Index(fields=["sha256"], name="foundation_file_sha256"),
                    models.Index(fields=["person_id", "id"], name="foundation_file_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="foundation_file_digest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scan__in", ["clean", "infected", "not scanned"])),
                        name="foundation_file_scan",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=townhall.foundation.database.identifiers.uuid7,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.TextField()),
                ("queue", models.TextField(db_default="default")),
                ("priority", models.SmallIntegerField(db_default=100)),
                (
                    "run_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "waiting for its time"),
                            ("ready", "due"),
                            ("leased", "being run"),
                            ("dead", "given up, an operator decides"),
                        ],
                        db_default="ready",
                    ),
                ),
                ("attempts", models.IntegerField(db_default=0)),
                ("failures", models.SmallIntegerField(db_default=0)),
                ("max_attempts", models.SmallIntegerField(db_default=8)),
                ("lease_until", models.DateTimeField(null=True)),
                ("alone", models.BooleanField(db_default=False)),
                ("again", models.BooleanField(db_default=False)),
                ("key", models.TextField(null=True)),
                ("args", models.JSONField(db_default={})),
                ("last_error", models.TextField(db_default="")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "db_table": "foundation_job",
                "indexes": [
                    models.Index(
                        models.F("queue"),
                        models.F("priority"),
                        models.F("run_at"),
                        models.F("id"),
                        condition=models.Q(("state", "ready")),
                        name="foundation_job_ready",
                    ),
                    models.Index(
                        models.F("run_at"),
                        condition=models.Q(("state", "waiting")),
                        name="foundation_job_waiting",
                    ),
                    models.Index(
                        models.F("lease_until"),
                        condition=models.Q(("state", "leased")),
                        name="foundation_job_leased",
                    ),
                    models.Index(
                        models.F("id"),
                        condition=models.Q(("state", "dead")),
                        name="foundation_job_dead",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("key__isnull", False), models.Q(("state", "dead"), _negated=True)
                        ),
                        fields=("name", "key"),
                        name="foundation_job_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "ready", "leased", "dead"])),
                        name="foundation_job_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lease_until__isnull", False), ("state", "leased")),
                            models.Q(
                                models.Q(("state", "leased"), _negated=True),
                                ("lease_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="foundation_job_lease",
                    ),
                ],
            },
        ),
        POSITION,
        citizen_owned("foundation_event", has_service=True, insert_by_anyone=True),
        append_only("foundation_event"),
        REFUSE_CHANGE,
        citizen_owned("foundation_file", has_service=True, insert_by_anyone=True),
        QUEUE_STORAGE,
    ]
