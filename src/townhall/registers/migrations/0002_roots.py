"""What a register comes to at a moment, for its root on the ledger."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            "DROP FUNCTION registers_hashes(text, timestamptz), registers_changed();",
        )
    ]
