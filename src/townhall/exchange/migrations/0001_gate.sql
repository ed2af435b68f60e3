-- Tickets, the journal, and the gate: the only way to a fact of a register.
--
-- Every function here runs as the owner with its own search_path, names its
-- tables in full, and may be executed by the application role only.

CREATE TABLE exchange_ticket (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    person_id      uuid NOT NULL,
    case_id        uuid NOT NULL,
    service_no     integer NOT NULL,
    agency         text NOT NULL CHECK (agency <> ''),
    purpose        text NOT NULL CHECK (purpose <> ''),
    legal_basis    text NOT NULL CHECK (legal_basis <> ''),
    -- "<register>.<kind>"; never "everything about the person"
    kinds          text[] NOT NULL CHECK (cardinality(kinds) > 0),
    actor          text NOT NULL,
    represented_by uuid,
    issued_at      timestamptz NOT NULL DEFAULT now(),
    expires_at     timestamptz NOT NULL,
    revoked_at     timestamptz,
    CHECK (expires_at > issued_at),
    CHECK (expires_at <= issued_at + interval '31 days')
);
CREATE INDEX exchange_ticket_case ON exchange_ticket (person_id, case_id);

CREATE TABLE exchange_journal (
    number       bigint GENERATED ALWAYS AS IDENTITY,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- whose data it was; null only if a denied attempt named nobody who exists
    person_id    uuid,
    actor        text NOT NULL,
    agency       text NOT NULL DEFAULT '',
    channel      text NOT NULL DEFAULT 'web',
    register     text NOT NULL DEFAULT '',
    kinds        text[] NOT NULL DEFAULT '{}',
    what         text NOT NULL DEFAULT '',
    purpose      text NOT NULL DEFAULT '',
    legal_basis  text NOT NULL DEFAULT '',
    case_id      uuid,
    case_person  uuid,
    service_no   integer,
    on_behalf_of uuid,
    mandate      uuid,
    ticket       uuid,
    outcome      text NOT NULL CHECK (
        outcome IN ('found', 'none', 'unavailable', 'refused', 'viewed', 'denied')),
    reason       text NOT NULL DEFAULT '',
    -- No index on the number alone: the planner would walk back through everybody's
    -- lines to find the newest of one person's.
    CONSTRAINT exchange_journal_person UNIQUE (person_id, number)
);

REVOKE ALL ON exchange_ticket, exchange_journal FROM townhall_app;
REVOKE ALL ON SEQUENCE exchange_journal_number_seq FROM townhall_app;
GRANT SELECT ON exchange_journal TO townhall_app;

ALTER TABLE exchange_ticket ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange_ticket FORCE ROW LEVEL SECURITY;
CREATE POLICY exchange_ticket_gate ON exchange_ticket TO CURRENT_USER USING (true) WITH CHECK (true);

ALTER TABLE exchange_journal ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange_journal FORCE ROW LEVEL SECURITY;
CREATE POLICY exchange_journal_own ON exchange_journal FOR SELECT TO townhall_app USING (
    (SELECT current_setting('app.system', true)) = 'on'
    OR person_id = (SELECT nullif(current_setting('app.person', true), '')::uuid)
);
CREATE POLICY exchange_journal_gate ON exchange_journal FOR INSERT TO CURRENT_USER WITH CHECK (true);

-- Not even the owner changes a line by accident; the trigger names the promise.
CREATE FUNCTION exchange_journal_is_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = '42501';
END
$$;
CREATE TRIGGER exchange_journal_append_only BEFORE UPDATE OR DELETE ON exchange_journal
    FOR EACH STATEMENT EXECUTE FUNCTION exchange_journal_is_append_only();

-- True if the open scope is that of the person, of an officer of the service, or the system's.
CREATE FUNCTION exchange_in_scope(p_person uuid, p_service integer) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(current_setting('app.system', true), '') = 'on'
        OR coalesce(p_person = nullif(current_setting('app.person', true), '')::uuid, false)
        OR coalesce(p_service = ANY (
               nullif(current_setting('app.services', true), '')::integer[]), false)
$$;

-- Make the ticket of a case step, or return the one that the case already has.
-- Null if the scope is not entitled: nobody makes a ticket about somebody else.
CREATE FUNCTION exchange_issue(
    p_person uuid, p_case uuid, p_service integer, p_agency text, p_purpose text,
    p_legal_basis text, p_kinds text[], p_actor text, p_mandate uuid, p_lasts interval
) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_id uuid;
BEGIN
    IF NOT public.exchange_in_scope(p_person, p_service) THEN
        RETURN NULL;
    END IF;
    SELECT t.id INTO v_id FROM public.exchange_ticket t
    WHERE t.person_id = p_person AND t.case_id = p_case AND t.service_no = p_service
      AND t.agency = p_agency AND t.purpose = p_purpose AND t.legal_basis = p_legal_basis
      AND t.actor = p_actor AND t.represented_by IS NOT DISTINCT FROM p_mandate
      AND t.kinds @> p_kinds AND t.kinds <@ p_kinds
      AND t.revoked_at IS NULL AND t.expires_at > now() + interval '1 minute'
    LIMIT 1;
    IF v_id IS NULL THEN
        INSERT INTO public.exchange_ticket (person_id, case_id, service_no, agency, purpose,
            legal_basis, kinds, actor, represented_by, expires_at)
        VALUES (p_person, p_case, p_service, p_agency, p_purpose, p_legal_basis, p_kinds,
            p_actor, p_mandate, now() + p_lasts)
        RETURNING id INTO v_id;
    END IF;
    RETURN v_id;
END
$$;

-- Revoke every ticket of a case; returns how many were still valid.
CREATE FUNCTION exchange_revoke(p_person uuid, p_case uuid, p_service integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_count integer;
BEGIN
    IF NOT public.exchange_in_scope(p_person, p_service) THEN
        RETURN 0;
    END IF;
    UPDATE public.exchange_ticket SET revoked_at = now()
    WHERE person_id = p_person AND case_id = p_case AND service_no = p_service
      AND revoked_at IS NULL AND expires_at > now();
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;

-- The gate. p_caller: {person, case, service, agency, purpose, actor, on_behalf_of, mandate,
-- channel}: what the caller claims, compared with the ticket. p_reads: [{register, key,
-- kinds}]. Returns one line per read, in order, after the journal lines are written.
CREATE FUNCTION exchange_read(p_ticket uuid, p_caller jsonb, p_reads jsonb, p_on date)
RETURNS TABLE (place integer, outcome text, facts jsonb, sources text[], read_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    t public.exchange_ticket;
    c record;
    v_reason text := '';
    v_now timestamptz := clock_timestamp();
BEGIN
    SELECT * INTO c FROM jsonb_to_record(p_caller) AS x (person uuid, "case" uuid,
        service integer, agency text, purpose text, actor text, on_behalf_of uuid,
        mandate uuid, channel text);
    SELECT * INTO t FROM public.exchange_ticket WHERE id = p_ticket;
    v_reason := CASE
        WHEN t.id IS NULL THEN 'no ticket'
        WHEN t.revoked_at IS NOT NULL THEN 'ticket revoked'
        WHEN t.expires_at <= v_now THEN 'ticket expired'
        WHEN t.person_id IS DISTINCT FROM c.person THEN 'ticket of another person'
        WHEN t.service_no IS DISTINCT FROM c.service THEN 'ticket of another service'
        WHEN t.case_id IS DISTINCT FROM c."case" THEN 'ticket of another case'
        WHEN t.agency IS DISTINCT FROM c.agency THEN 'ticket of another agency'
        WHEN t.purpose IS DISTINCT FROM c.purpose THEN 'ticket for another purpose'
        WHEN t.actor IS DISTINCT FROM c.actor THEN 'ticket of another actor'
        WHEN t.represented_by IS DISTINCT FROM c.mandate THEN 'ticket of another mandate'
        WHEN NOT public.exchange_in_scope(t.person_id, t.service_no) THEN 'outside of the scope'
        WHEN EXISTS (SELECT FROM public.registers_restriction r WHERE r.person_id = t.person_id)
            THEN 'processing is restricted'
        ELSE '' END;

    RETURN QUERY
    WITH asked AS (
        SELECT i.ordinality::integer AS place, r.register, r.key, r.kinds,
               ARRAY(SELECT r.register || '.' || k FROM unnest(r.kinds) k) AS wanted
        FROM jsonb_array_elements(p_reads) WITH ORDINALITY AS i (line, ordinality)
        CROSS JOIN LATERAL jsonb_to_record(i.line) AS r (register text, key text, kinds text[])
    ), allowed AS (
        SELECT a.*, CASE WHEN v_reason <> '' THEN v_reason
                         WHEN NOT a.wanted <@ t.kinds OR cardinality(a.kinds) = 0
                             THEN 'kinds not covered by the ticket'
                         ELSE '' END AS reason,
               coalesce((SELECT NOT v.available FROM public.registers_availability v
                         WHERE v.register = a.register), false) AS down
        FROM asked a
    ), answered AS (
        SELECT a.place, a.register, a.kinds, f.owner,
               CASE WHEN a.reason <> '' THEN a.reason
                    WHEN f.restricted THEN 'processing is restricted' ELSE '' END AS reason,
               CASE WHEN a.reason <> '' OR f.restricted THEN 'refused'
                    WHEN a.down THEN 'unavailable'
                    WHEN f.facts IS NULL THEN 'none'
                    ELSE 'found' END AS outcome,
               f.facts, f.sources
        FROM allowed a
        LEFT JOIN LATERAL (
            -- What is read about somebody else never carries their id out of the gate.
            SELECT jsonb_object_agg(x.kind, CASE
                       WHEN x.person_id <> t.person_id AND x.value = to_jsonb(x.person_id::text)
                       THEN '"another person"'::jsonb ELSE x.value END) AS facts,
                   array_agg(DISTINCT x.source) AS sources,
                   (array_agg(x.person_id ORDER BY x.valid_from DESC))[1] AS owner,
                   bool_or(EXISTS (SELECT FROM public.registers_restriction r
                                   WHERE r.person_id = x.person_id)) AS restricted
            FROM public.registers_fact x
            WHERE a.reason = '' AND NOT a.down
              AND x.entry = (SELECT e.number FROM public.registers_entry e
                             WHERE e.register = a.register AND e.key = a.key)
              AND x.kind = ANY (a.kinds) AND x.superseded_at IS NULL
              AND x.valid_from <= p_on AND (x.valid_to IS NULL OR x.valid_to > p_on)
        ) f ON true
    ), noted AS (
        INSERT INTO public.exchange_journal (at, person_id, actor, agency, channel, register,
            kinds, purpose, legal_basis, case_id, case_person, service_no, on_behalf_of,
            mandate, ticket, outcome, reason)
        SELECT v_now, l.person_id, c.actor, coalesce(c.agency, ''), coalesce(c.channel, 'web'),
               l.register, array_agg(DISTINCT k.kind ORDER BY k.kind), coalesce(c.purpose, ''),
               coalesce(t.legal_basis, ''), c."case", c.person, c.service, c.on_behalf_of,
               c.mandate, p_ticket, l.outcome, l.reason
        FROM (SELECT coalesce(a.owner, t.person_id, c.person) AS person_id, a.register,
                     a.kinds, a.outcome, a.reason FROM answered a) l
        LEFT JOIN LATERAL unnest(l.kinds) AS k (kind) ON true
        GROUP BY l.person_id, l.register, l.outcome, l.reason
    )
    SELECT a.place, a.outcome,
           CASE WHEN a.outcome = 'found' THEN a.facts END,
           CASE WHEN a.outcome = 'found' THEN a.sources END, v_now
    FROM answered a ORDER BY a.place;
END
$$;

-- Write a line about something other than a register: a case that an officer opened,
-- or an attempt that was denied.
CREATE FUNCTION exchange_note(p_line jsonb) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.exchange_journal (person_id, actor, agency, channel, what, purpose,
        case_id, case_person, service_no, on_behalf_of, mandate, outcome, reason)
    SELECT x.person, x.actor, coalesce(x.agency, ''), coalesce(x.channel, 'web'),
           coalesce(x.what, ''), coalesce(x.purpose, ''), x."case", x.person, x.service,
           x.on_behalf_of, x.mandate, x.outcome, coalesce(x.reason, '')
    FROM jsonb_to_record(p_line) AS x (person uuid, actor text, agency text, channel text,
        what text, purpose text, "case" uuid, service integer, on_behalf_of uuid,
        mandate uuid, outcome text, reason text)
    WHERE x.outcome IN ('viewed', 'denied')
    RETURNING number
$$;

REVOKE ALL ON FUNCTION exchange_in_scope(uuid, integer), exchange_note(jsonb),
    exchange_issue(uuid, uuid, integer, text, text, text, text[], text, uuid, interval),
    exchange_revoke(uuid, uuid, integer), exchange_read(uuid, jsonb, jsonb, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange_note(jsonb),
    exchange_issue(uuid, uuid, integer, text, text, text, text[], text, uuid, interval),
    exchange_revoke(uuid, uuid, integer), exchange_read(uuid, jsonb, jsonb, date)
    TO townhall_app;
