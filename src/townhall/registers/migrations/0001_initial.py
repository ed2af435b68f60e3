"""Tables of the registers behind one writing function."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            Path(__file__).with_name("0001_registers.sql").read_text(encoding="utf-8"),
            """
            DROP FUNCTION registers_write(jsonb, integer), registers_rehome(bigint, uuid, date);
            DROP TABLE registers_restriction, registers_availability, registers_fact,
                registers_entry;
            """,
        )
    ]
