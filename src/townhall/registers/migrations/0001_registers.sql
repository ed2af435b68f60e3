-- The tables of the registers, and the only way to write them.
--
-- The application role gets no right on entries and facts. `registers_write`
-- runs as the owner; reading is the gate of the room `exchange`.

-- person_id: whom the entry is about (a vehicle's keeper); null where that is no
-- person (a vehicle of a company).
CREATE TABLE registers_entry (
    number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id   uuid,
    register    text NOT NULL CHECK (register <> ''),
    key         text NOT NULL CHECK (key <> ''),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (register, key)
);
CREATE INDEX registers_entry_person ON registers_entry (person_id, register);

CREATE TABLE registers_fact (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    entry         bigint NOT NULL REFERENCES registers_entry (number),
    person_id     uuid,
    register      text NOT NULL,
    key           text NOT NULL,
    kind          text NOT NULL CHECK (kind <> ''),
    value         jsonb NOT NULL,
    valid_from    date NOT NULL,
    valid_to      date CHECK (valid_to > valid_from),
    recorded_at   timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    source        text NOT NULL CHECK (source IN ('case', 'import', 'partner', 'officer')),
    source_ref    text NOT NULL DEFAULT '',
    legal_basis   text NOT NULL DEFAULT '',
    quality       text NOT NULL DEFAULT '',
    -- Without btree_gist an equality is written as a range of one. `entry` is
    -- exact; the kind's hash only has to tell the kinds of one entry apart.
    CONSTRAINT registers_fact_one_at_a_time EXCLUDE USING gist (
        int8range(entry, entry, '[]') WITH &&,
        int8range(hashtextextended(kind, 0) >> 1, hashtextextended(kind, 0) >> 1, '[]') WITH &&,
        daterange(valid_from, valid_to) WITH &&
    ) WHERE (superseded_at IS NULL)
);
-- Facts are read by entry. No index knows the register or the kind: before statistics
-- exist the planner would prefer it, and walk through everybody's addresses.
CREATE INDEX registers_fact_entry ON registers_fact (entry) WHERE superseded_at IS NULL;
CREATE INDEX registers_fact_person ON registers_fact (person_id);

-- A register that is down answers "unavailable"; one without a row is up.
CREATE TABLE registers_availability (
    register   text PRIMARY KEY,
    available  boolean NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- GDPR art. 18: while a restriction runs, the gate refuses every read.
CREATE TABLE registers_restriction (
    person_id   uuid PRIMARY KEY,
    reason      text NOT NULL CHECK (reason <> ''),
    recorded_at timestamptz NOT NULL DEFAULT now()
);

REVOKE ALL ON registers_entry, registers_fact FROM townhall_app;
REVOKE ALL ON SEQUENCE registers_entry_number_seq FROM townhall_app;

-- Row-level security binds the owner too (FORCE); only the owner, i.e. the
-- functions it owns, has a policy.
ALTER TABLE registers_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE registers_entry FORCE ROW LEVEL SECURITY;
ALTER TABLE registers_fact ENABLE ROW LEVEL SECURITY;
ALTER TABLE registers_fact FORCE ROW LEVEL SECURITY;
CREATE POLICY registers_entry_gate ON registers_entry TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY registers_fact_gate ON registers_fact TO CURRENT_USER USING (true) WITH CHECK (true);

-- From `p_from` on the entry is about somebody else: what goes on holding (make and
-- colour of a sold car) is theirs from then on, and the former person's until then.
CREATE FUNCTION registers_rehome(p_entry bigint, p_person uuid, p_from date) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    WITH moved AS (
        UPDATE public.registers_fact f SET superseded_at = clock_timestamp()
        WHERE f.entry = p_entry AND f.superseded_at IS NULL
          AND f.person_id IS DISTINCT FROM p_person
          AND (f.valid_to IS NULL OR f.valid_to > p_from)
        RETURNING f.*
    )
    INSERT INTO public.registers_fact (entry, person_id, register, key, kind, value,
        valid_from, valid_to, source, source_ref, legal_basis, quality)
    SELECT m.entry, part.person_id, m.register, m.key, m.kind, m.value, part.valid_from,
           part.valid_to, m.source, m.source_ref, m.legal_basis, m.quality
    FROM moved m
    CROSS JOIN LATERAL (VALUES
        (m.person_id, m.valid_from, p_from),
        (p_person, greatest(m.valid_from, p_from), m.valid_to)
    ) AS part (person_id, valid_from, valid_to)
    WHERE part.valid_to IS NULL OR part.valid_to > part.valid_from
$$;
REVOKE ALL ON FUNCTION registers_rehome(bigint, uuid, date) FROM PUBLIC;

-- Write many facts at once, keeping what was believed before.
--
-- p_rows: [{id, register, key, person_id, kind, value, ends, valid_from, valid_to,
--           source, source_ref, legal_basis, quality}]. `ends` writes no value: it says
-- that nothing of this kind holds in the period. Returns a line per row, in order:
-- 'unchanged' (the same already holds), 'recorded' (new) or 'changed' (something
-- believed before is superseded; what lies outside the new period is kept).
CREATE FUNCTION registers_write(p_rows jsonb, p_service integer)
RETURNS TABLE (place integer, fact uuid, outcome text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- A plan kept from when the tables were small scans them whole for every batch of an import.
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    v_rows jsonb;
    v_hit uuid[];
    v_moved jsonb;
BEGIN
    IF coalesce(current_setting('app.system', true), '') <> 'on'
       AND NOT coalesce(p_service = ANY (
            nullif(current_setting('app.services', true), '')::integer[]), false) THEN
        RAISE EXCEPTION 'only the system or an officer of the service may write a register'
            USING ERRCODE = '42501';
    END IF;

    -- An import grows the tables faster than autovacuum counts them, and what it counted
    -- before the import commits is nothing at all: then each batch would scan all before it.
    -- So large batches count anew whenever the size says four times more than is believed.
    IF jsonb_array_length(p_rows) >= 200 AND (
        SELECT bool_or(4 * greatest(c.reltuples, 0) < pg_relation_size(c.oid) / 250)
        FROM pg_class c
        WHERE c.oid IN ('public.registers_entry'::regclass, 'public.registers_fact'::regclass)
    ) THEN
        ANALYZE public.registers_entry;
        ANALYZE public.registers_fact;
    END IF;

    -- Locks each entry, so that two writers of one entry wait for each other
    -- (the order of the keys keeps them from waiting in a circle).
    INSERT INTO public.registers_entry (person_id, register, key)
    SELECT DISTINCT ON (i.register, i.key) i.person_id, i.register, i.key
    FROM jsonb_to_recordset(p_rows)
        AS i (register text, key text, person_id uuid, valid_from date, valid_to date)
    ORDER BY i.register, i.key, i.valid_to DESC NULLS FIRST, i.valid_from DESC
    ON CONFLICT (register, key) DO UPDATE SET register = excluded.register;

    SELECT jsonb_agg(to_jsonb(x)) INTO v_moved
    FROM (
        SELECT DISTINCT ON (e.number) e.number AS entry, i.person_id, i.valid_from
        FROM jsonb_to_recordset(p_rows)
            AS i (register text, key text, person_id uuid, valid_from date, valid_to date)
        JOIN public.registers_entry e ON e.register = i.register AND e.key = i.key
        WHERE i.valid_to IS NULL AND e.person_id IS DISTINCT FROM i.person_id
        ORDER BY e.number, i.valid_from DESC
    ) x;

    SELECT jsonb_agg(to_jsonb(x) ORDER BY x.place) INTO v_rows
    FROM (
        SELECT i.ordinality AS place, r.*, e.number AS entry,
               (SELECT f.id FROM public.registers_fact f
                WHERE f.entry = e.number AND f.kind = r.kind AND f.superseded_at IS NULL
                  AND NOT r.ends AND f.person_id IS NOT DISTINCT FROM r.person_id
                  AND f.value = r.value
                  AND f.valid_from = r.valid_from
                  AND f.valid_to IS NOT DISTINCT FROM r.valid_to) AS same
        FROM jsonb_array_elements(p_rows) WITH ORDINALITY AS i (line, ordinality)
        CROSS JOIN LATERAL jsonb_to_record(i.line) AS r (
            id uuid, register text, key text, person_id uuid, kind text, value jsonb,
            ends boolean, valid_from date, valid_to date, source text, source_ref text,
            legal_basis text, quality text)
        JOIN public.registers_entry e ON e.register = r.register AND e.key = r.key
    ) x;

    WITH hit AS (
        UPDATE public.registers_fact f SET superseded_at = clock_timestamp()
        FROM jsonb_to_recordset(v_rows)
            AS i (entry bigint, kind text, valid_from date, valid_to date, same uuid)
        WHERE i.same IS NULL AND f.entry = i.entry AND f.kind = i.kind
          AND f.superseded_at IS NULL
          -- Not `daterange && daterange`: the planner would take the exclusion index for
          -- it, and walk through all of it for each row (288 s for 20,000 facts, not 3).
          AND f.valid_from < coalesce(i.valid_to, 'infinity')
          AND i.valid_from < coalesce(f.valid_to, 'infinity')
        RETURNING f.id
    )
    SELECT coalesce(array_agg(hit.id), '{}') INTO v_hit FROM hit;

    -- What was believed outside of the new periods goes on holding.
    INSERT INTO public.registers_fact (entry, person_id, register, key, kind, value,
        valid_from, valid_to, source, source_ref, legal_basis, quality)
    SELECT f.entry, f.person_id, f.register, f.key, f.kind, f.value,
           lower(rest.period), upper(rest.period), f.source, f.source_ref, f.legal_basis, f.quality
    FROM public.registers_fact f
    CROSS JOIN LATERAL unnest(
        datemultirange(daterange(f.valid_from, f.valid_to)) - (
            SELECT range_agg(daterange(i.valid_from, i.valid_to))
            FROM jsonb_to_recordset(v_rows)
                AS i (entry bigint, kind text, valid_from date, valid_to date, same uuid)
            WHERE i.same IS NULL AND i.entry = f.entry AND i.kind = f.kind)
    ) AS rest (period)
    WHERE f.id = ANY (v_hit);

    INSERT INTO public.registers_fact (id, entry, person_id, register, key, kind, value,
        valid_from, valid_to, source, source_ref, legal_basis, quality)
    SELECT i.id, i.entry, i.person_id, i.register, i.key, i.kind, i.value,
           i.valid_from, i.valid_to, i.source, i.source_ref, i.legal_basis, i.quality
    FROM jsonb_to_recordset(v_rows)
        AS i (id uuid, entry bigint, person_id uuid, register text, key text, kind text,
              value jsonb, ends boolean, valid_from date, valid_to date, source text,
              source_ref text, legal_basis text, quality text, same uuid)
    WHERE i.same IS NULL AND NOT i.ends;

    UPDATE public.registers_entry e SET person_id = m.person_id
    FROM jsonb_to_recordset(v_moved) AS m (entry bigint, person_id uuid)
    WHERE e.number = m.entry;
    PERFORM public.registers_rehome(m.entry, m.person_id, m.valid_from)
    FROM jsonb_to_recordset(v_moved) AS m (entry bigint, person_id uuid, valid_from date);

    RETURN QUERY
    SELECT i.place::integer, coalesce(i.same, i.id),
           CASE WHEN i.same IS NOT NULL THEN 'unchanged'
                WHEN EXISTS (SELECT FROM public.registers_fact f
                             WHERE f.id = ANY (v_hit) AND f.entry = i.entry AND f.kind = i.kind
                               AND f.valid_from < coalesce(i.valid_to, 'infinity')
                               AND i.valid_from < coalesce(f.valid_to, 'infinity'))
                     THEN 'changed'
                WHEN i.ends THEN 'unchanged'
                ELSE 'recorded' END
    FROM jsonb_to_recordset(v_rows)
        AS i (place bigint, id uuid, entry bigint, kind text, ends boolean,
              valid_from date, valid_to date, same uuid)
    ORDER BY i.place;
END
$$;
REVOKE ALL ON FUNCTION registers_write(jsonb, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registers_write(jsonb, integer) TO townhall_app;
