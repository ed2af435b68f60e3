"""What the application itself cannot get round: row-level security, tables that only
grow, relations by person, and the four acts that need more than its rights."""

from django.db import migrations

from townhall.foundation.database.policies import append_only, citizen_owned
from townhall.foundation.database.roles import APPLICATION

OF_A_CASE = ("application", "clock", "decision", "letter", "note", "request", "signature")
ONLY_GROWING = ("application", "clock", "decision")

RELATIONS = migrations.RunSQL(
    "\n".join(
        f"ALTER TABLE cases_{name} ADD CONSTRAINT cases_{name}_of_case"
        " FOREIGN KEY (person_id, case_id) REFERENCES cases_case (person_id, id);"
        for name in OF_A_CASE
    ),
    "\n".join(
        f"ALTER TABLE cases_{name} DROP CONSTRAINT cases_{name}_of_case;" for name in OF_A_CASE
    ),
)

# A sequence per agency prefix and year: never max+1, and a number that a failed
# transaction took is left out, not given again. The first case of a year makes
# the sequence; the lock keeps a second one from making it at the same moment.
NUMBERS = """
CREATE FUNCTION cases_next_number(prefix text, year int) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := format('cases_number_%s_%s', lower(prefix), year);
BEGIN
    IF prefix !~ '^[A-Z][A-Z0-9]{1,11}$' OR year NOT BETWEEN 1 AND 9999 THEN
        RAISE EXCEPTION 'no case number can begin with %-%', prefix, year;
    END IF;
    IF to_regclass(name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(name, 0));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', name);
    END IF;
    RETURN format('%s-%s-%s', prefix, year, lpad(nextval(name::regclass)::text, 6, '0'));
END $$;
"""

# The public check page: whoever holds the code of a letter may know this much.
LETTER_BY_CODE = """
CREATE FUNCTION cases_letter_by_code(wanted bytea)
RETURNS TABLE (kind varchar, title text, language varchar, service_no int,
               definition_hash varchar, number varchar, issued_at timestamptz, sha256 varchar)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before text := coalesce(current_setting('app.system', true), '');
BEGIN
    PERFORM set_config('app.system', 'on', true);
    RETURN QUERY
        SELECT l.kind, l.title, l.language, l.service_no, c.definition_hash, c.number,
               l.issued_at, l.sha256
        FROM cases_letter l JOIN cases_case c ON c.person_id = l.person_id AND c.id = l.case_id
        WHERE l.code_hash = wanted;
    PERFORM set_config('app.system', before, true);
END $$;
"""

# Reports nearby, for services that declare it: where and what, never who.
# The distance is that of a sphere with the mean radius of the Earth (IUGG, 6 371 009 m).
NEARBY = """
CREATE FUNCTION cases_nearby(wanted int, lat float8, lon float8, metres int, since timestamptz)
RETURNS TABLE (number varchar, state varchar, definition_hash varchar, topic varchar,
               received_at timestamptz, place_lat float8, place_lon float8, distance_m float8)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before text := coalesce(current_setting('app.system', true), '');
    band float8 := metres / 111000.0;
BEGIN
    PERFORM set_config('app.system', 'on', true);
    RETURN QUERY
        SELECT found.* FROM (
            SELECT c.number, c.state, c.definition_hash, c.topic, c.received_at,
                   c.place_lat, c.place_lon,
                   2 * 6371009 * asin(least(1, sqrt(
                       sin(radians(c.place_lat - lat) / 2) ^ 2 + cos(radians(lat))
                       * cos(radians(c.place_lat)) * sin(radians(c.place_lon - lon) / 2) ^ 2)))
                   AS distance
            FROM cases_case c
            WHERE c.service_no = wanted AND c.open AND c.received_at >= since
              AND c.place_lat BETWEEN lat - band AND lat + band
        ) AS found
        WHERE found.distance <= metres
        ORDER BY found.distance LIMIT 10;
    PERFORM set_config('app.system', before, true);
END $$;
"""

# Retention: the tables only grow for the application, so the owner erases, and only
# what the definition's `keep` has released.
ERASE = """
CREATE FUNCTION cases_erase(p_person uuid, p_case uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before text := coalesce(current_setting('app.system', true), '');
    released boolean;
BEGIN
    PERFORM set_config('app.system', 'on', true);
    PERFORM 1 FROM cases_case WHERE person_id = p_person AND id = p_case
        AND NOT open AND erase_on <= current_date FOR UPDATE;
    released := FOUND;
    IF released THEN
        DELETE FROM cases_application WHERE person_id = p_person AND case_id = p_case;
        DELETE FROM cases_clock WHERE person_id = p_person AND case_id = p_case;
        DELETE FROM cases_decision WHERE person_id = p_person AND case_id = p_case;
        DELETE FROM cases_letter WHERE person_id = p_person AND case_id = p_case;
        DELETE FROM cases_note WHERE person_id = p_person AND case_id = p_case;
        DELETE FROM cases_request WHERE person_id = p_person AND case_id = p_case;
        DELETE FROM cases_signature WHERE person_id = p_person AND case_id = p_case;
        DELETE FROM cases_draft WHERE person_id = p_person AND case_id = p_case;
        DELETE FROM cases_case WHERE person_id = p_person AND id = p_case;
    END IF;
    PERFORM set_config('app.system', before, true);
    RETURN released;
END $$;
"""

SIGNATURES = {
    "cases_next_number": "text, int",
    "cases_letter_by_code": "bytea",
    "cases_nearby": "int, float8, float8, int, timestamptz",
    "cases_erase": "uuid, uuid",
}


def _function(name: str, sql: str) -> migrations.RunSQL:
    signature = f"{name}({SIGNATURES[name]})"
    return migrations.RunSQL(
        f"{sql}\nREVOKE ALL ON FUNCTION {signature} FROM PUBLIC;\n"
        f"GRANT EXECUTE ON FUNCTION {signature} TO {APPLICATION};",
        f"DROP FUNCTION {signature};",
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases")]

    operations = [
        RELATIONS,
        citizen_owned("cases_draft", has_service=False),
        citizen_owned("cases_case", has_service=True),
        *[citizen_owned(f"cases_{name}", has_service=True) for name in OF_A_CASE],
        *[append_only(f"cases_{name}") for name in ONLY_GROWING],
        _function("cases_next_number", NUMBERS),
        _function("cases_letter_by_code", LETTER_BY_CODE),
        _function("cases_nearby", NEARBY),
        _function("cases_erase", ERASE),
    ]
