-- The days that are over, with what they came to. The salt lets an auditor of this town
-- hall work out a root again; only the root stands on the ledger.
CREATE TABLE exchange_day (
    day       date PRIMARY KEY,
    lines     bigint NOT NULL,
    salt      bytea NOT NULL CHECK (length(salt) = 32),
    root      bytea NOT NULL CHECK (length(root) = 32),
    previous  bytea NOT NULL CHECK (length(previous) = 32),
    sealed_at timestamptz NOT NULL DEFAULT now()
);
REVOKE UPDATE, DELETE, TRUNCATE ON exchange_day FROM townhall_app;

-- What a line of the journal is as a leaf of its day: a salt of its own, and all that it
-- says. Nobody who knows a root can try out lines; who holds one line and its salt can
-- show that it belongs to the day, and learns nothing of the others. Which officer it was
-- is fixed, and not shown: people see that it was one.
CREATE FUNCTION exchange_journal_leaf(j exchange_journal, p_salt bytea) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT encode(sha256(p_salt || int8send(j.number)), 'hex') || ' ' || jsonb_build_array(
        j.number, j.at, j.person_id, split_part(j.actor, ':', 1),
        encode(sha256(p_salt || convert_to(j.actor, 'UTF8')), 'hex'), j.agency, j.channel,
        j.register, j.kinds, j.what, j.purpose, j.legal_basis, j.case_id, j.case_person,
        j.service_no, j.on_behalf_of, j.mandate, j.ticket, j.outcome, j.reason)::text
$$;

-- The leaf hashes of a day (RFC 6962), in order. The function gives no line away, so that
-- whoever asks needs no right to read the journal.
CREATE FUNCTION exchange_journal_hashes(p_day date, p_salt bytea)
RETURNS TABLE (number bigint, hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT j.number,
           sha256('\x00'::bytea || convert_to(public.exchange_journal_leaf(j, p_salt), 'UTF8'))
    FROM public.exchange_journal j
    WHERE j.at >= p_day::timestamp AND j.at < (p_day + 1)::timestamp
    ORDER BY j.number
$$;

-- One's own line as the leaf that it is, so that one can show it to others.
CREATE FUNCTION exchange_journal_own_leaf(p_number bigint)
RETURNS TABLE (day date, content text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT d.day, public.exchange_journal_leaf(j, d.salt)
    FROM public.exchange_journal j
    JOIN public.exchange_day d ON j.at >= d.day::timestamp AND j.at < (d.day + 1)::timestamp
    WHERE j.number = p_number
      AND j.person_id = (SELECT nullif(current_setting('app.person', true), '')::uuid)
$$;

-- The first day that has a line.
CREATE FUNCTION exchange_journal_first_day() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT min(j.at)::date FROM public.exchange_journal j
$$;

-- A day is asked for by night, over all people: without this every line is looked at.
CREATE INDEX exchange_journal_at ON exchange_journal USING brin (at);

REVOKE ALL ON FUNCTION exchange_journal_leaf(exchange_journal, bytea),
    exchange_journal_hashes(date, bytea), exchange_journal_own_leaf(bigint),
    exchange_journal_first_day() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange_journal_hashes(date, bytea),
    exchange_journal_own_leaf(bigint), exchange_journal_first_day() TO townhall_app;

-- The owner is bound by the journal's policies too.
CREATE POLICY exchange_journal_days ON exchange_journal FOR SELECT TO CURRENT_USER USING (true);
