"""Drafts that replace the evidence of a case which is decided already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Let a draft say which case it amends."""

    dependencies = [("cases", "0002_safeguards")]

    operations = [
        migrations.AddField("draft", "amends", models.UUIDField(null=True)),
    ]
