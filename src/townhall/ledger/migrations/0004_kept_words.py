"""What an entry says is fixed from the moment it is queued, and what it is about, too."""

from django.db import migrations

# Before it has a place, another body, log or reference would let the application put into the
# log what no decision said. Afterwards another reference would give somebody the receipt of
# another decision. Only forgetting is allowed: whose it was, and what it was about.
KEPT = """
CREATE OR REPLACE FUNCTION ledger_entry_keeps_its_place() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an entry of the ledger is never removed' USING ERRCODE = '42501';
    END IF;
    IF (NEW.id, NEW.log, NEW.kind, NEW.body, NEW.sources, NEW.erases, NEW.queued_at)
            IS DISTINCT FROM
        (OLD.id, OLD.log, OLD.kind, OLD.body, OLD.sources, OLD.erases, OLD.queued_at)
        OR NEW.ref <> OLD.ref AND NEW.ref <> 'forgotten:' || OLD.id
        OR NEW.person_id IS DISTINCT FROM OLD.person_id AND NEW.person_id IS NOT NULL
        OR OLD.index IS NOT NULL AND
            (NEW.index, NEW.content, NEW.sequenced_at)
                IS DISTINCT FROM (OLD.index, OLD.content, OLD.sequenced_at)
        OR NEW.index IS NOT NULL AND NEW.refused <> ''
        OR OLD.refused <> '' AND NEW.refused <> OLD.refused
        OR OLD.promise <> '' AND NEW.promise <> OLD.promise
    THEN
        RAISE EXCEPTION 'an entry of the ledger is never changed' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_promises")]

    operations = [migrations.RunSQL(KEPT, migrations.RunSQL.noop)]
