"""Tickets with which somebody has their own facts read, outside any service."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_name("0002_own_reading.sql").read_text(encoding="utf-8"),
            # The functions may stay: of a service that is not null they do what they did.
            """
            DELETE FROM exchange_ticket WHERE service_no IS NULL;
            ALTER TABLE exchange_ticket DROP CONSTRAINT exchange_ticket_own;
            ALTER TABLE exchange_ticket ALTER COLUMN service_no SET NOT NULL;
            """,
        )
    ]
