-- Tickets outside any service: somebody has their own facts read, to see what they could get.
--
-- There is no case and no service then. The id of the questionnaire stands where that of a case
-- would, the number of the service is null, and nobody but the person themselves is entitled.

ALTER TABLE exchange_ticket ALTER COLUMN service_no DROP NOT NULL;
ALTER TABLE exchange_ticket ADD CONSTRAINT exchange_ticket_own CHECK (
    service_no IS NOT NULL OR (actor = 'person:' || person_id AND represented_by IS NULL)
);

CREATE OR REPLACE FUNCTION exchange_issue(
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
    -- Outside any service nobody reads about somebody else, not even the system.
    IF p_service IS NULL
       AND (p_actor IS DISTINCT FROM 'person:' || p_person OR p_mandate IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT t.id INTO v_id FROM public.exchange_ticket t
    WHERE t.person_id = p_person AND t.case_id = p_case
      AND t.service_no IS NOT DISTINCT FROM p_service
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

CREATE OR REPLACE FUNCTION exchange_revoke(p_person uuid, p_case uuid, p_service integer)
RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_count integer;
BEGIN
    IF NOT public.exchange_in_scope(p_person, p_service) THEN
        RETURN 0;
    END IF;
    UPDATE public.exchange_ticket SET revoked_at = now()
    WHERE person_id = p_person AND case_id = p_case
      AND service_no IS NOT DISTINCT FROM p_service
      AND revoked_at IS NULL AND expires_at > now();
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;
