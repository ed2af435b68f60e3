-- What a register comes to at a moment: a hash of each fact, in order, for its root.
--
-- The id of a fact is random and never leaves this database, so that nobody who knows a
-- root can try out facts. The function gives no fact away.
CREATE FUNCTION registers_hashes(p_register text, p_at timestamptz) RETURNS SETOF bytea
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT sha256(convert_to(jsonb_build_array(
               f.id, f.register, f.key, f.kind, f.value, f.valid_from, f.valid_to,
               f.recorded_at, f.source, f.source_ref, f.legal_basis, f.quality,
               coalesce(f.superseded_at <= p_at, false))::text, 'UTF8'))
    FROM public.registers_fact f
    WHERE f.register = p_register AND f.recorded_at <= p_at
    ORDER BY f.recorded_at, f.id
$$;

-- The registers that hold facts, and when each last changed.
CREATE FUNCTION registers_changed() RETURNS TABLE (register text, changed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.register, max(greatest(f.recorded_at, f.superseded_at))
    FROM public.registers_fact f GROUP BY f.register
$$;

REVOKE ALL ON FUNCTION registers_hashes(text, timestamptz), registers_changed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registers_hashes(text, timestamptz), registers_changed()
    TO townhall_app;
