"""Row-level security of entries and openings; what has a place in a log keeps it."""

from django.db import migrations

from townhall.foundation.database.policies import citizen_owned

# The application itself could otherwise give an entry another place, or take it out of the
# queue: every proof would still hold, and nobody would know what the entry was about.
# Only whose it was and what it was about can be forgotten, when a person is erased.
PLACED = """
CREATE FUNCTION ledger_entry_keeps_its_place() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.index IS NOT NULL AND (
        (NEW.id, NEW.log, NEW.kind, NEW.index, NEW.content, NEW.sequenced_at)
            IS DISTINCT FROM
        (OLD.id, OLD.log, OLD.kind, OLD.index, OLD.content, OLD.sequenced_at)
        OR (NEW.person_id IS DISTINCT FROM OLD.person_id AND NEW.person_id IS NOT NULL)
    )) THEN
        RAISE EXCEPTION 'an entry of the ledger is never changed or removed'
            USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER ledger_entry_placed BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_keeps_its_place();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_ledger")]

    operations = [
        citizen_owned("ledger_entry", has_service=False, insert_by_anyone=True),
        citizen_owned("ledger_opening", has_service=False, insert_by_anyone=True),
        migrations.RunSQL(
            PLACED,
            "DROP TRIGGER ledger_entry_placed ON ledger_entry;"
            "DROP FUNCTION ledger_entry_keeps_its_place();",
        ),
    ]
