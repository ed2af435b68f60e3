"""Services, their versions for ever, and the words by which they are found."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from townhall.foundation.database.policies import append_only

# The missing grants bind the application; the trigger also stops the owner's slip of the hand.
REFUSE_CHANGE = migrations.RunSQL(
    """
    CREATE TRIGGER catalogue_version_append_only BEFORE UPDATE OR DELETE ON catalogue_version
        FOR EACH STATEMENT EXECUTE FUNCTION foundation_refuse_change();
    """,
    "DROP TRIGGER catalogue_version_append_only ON catalogue_version;",
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("foundation", "0001_foundation")]

    operations = [
        migrations.CreateModel(
            name="Service",
            fields=[
                ("number", models.SmallAutoField(primary_key=True, serialize=False)),
                ("key", models.TextField(unique=True)),
                ("live", models.CharField(max_length=64, null=True)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
            ],
            options={"db_table": "catalogue_service"},
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("source", models.TextField()),
                ("canonical", models.TextField()),
                ("problems", models.JSONField()),
                ("report", models.JSONField()),
                ("changes", models.JSONField()),
                (
                    "published_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("published_by", models.TextField()),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="catalogue.service",
                    ),
                ),
            ],
            options={
                "db_table": "catalogue_version",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service", "number"), name="catalogue_version_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Words",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("language", models.TextField()),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="catalogue.service",
                    ),
                ),
            ],
            options={
                "db_table": "catalogue_words",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["vector"], name="catalogue_words_vector"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service", "language"), name="catalogue_words_one"
                    )
                ],
            },
        ),
        append_only("catalogue_version"),
        REFUSE_CHANGE,
    ]
