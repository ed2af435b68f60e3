"""What each day of the journal comes to, for its root on the ledger."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_own_reading")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            """
            DROP POLICY exchange_journal_days ON exchange_journal;
            DROP INDEX exchange_journal_at;
            DROP FUNCTION exchange_journal_hashes(date, bytea), exchange_journal_first_day(),
                exchange_journal_own_leaf(bigint),
                exchange_journal_leaf(exchange_journal, bytea);
            DROP TABLE exchange_day;
            """,
        )
    ]
