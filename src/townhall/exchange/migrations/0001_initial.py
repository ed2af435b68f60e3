"""Tickets, journal and gate."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("registers", "0001_initial")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_name("0001_gate.sql").read_text(encoding="utf-8"),
            """
            DROP FUNCTION exchange_note(jsonb), exchange_read(uuid, jsonb, jsonb, date),
                exchange_revoke(uuid, uuid, integer),
                exchange_issue(uuid, uuid, integer, text, text, text, text[], text, uuid, interval),
                exchange_in_scope(uuid, integer);
            DROP TABLE exchange_journal, exchange_ticket;
            DROP FUNCTION exchange_journal_is_append_only();
            """,
        )
    ]
