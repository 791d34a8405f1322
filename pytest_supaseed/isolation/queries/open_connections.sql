-- Who is connected to a database, by its OID, but for the backends that are known, and among `only` where those are given.
-- Processes of the server itself (autovacuum, parallel workers, an extension's) are nobody's open connection.
-- Of no table, and so none is waited for: a test may have left the system's own locked.
select
    a.pid,
    coalesce(a.state, 'starting') as state,
    coalesce(a.application_name, '') as application,
    pg_catalog.left(coalesce(a.query, ''), 120) as query,
    a.client_port,
    a.client_addr <<= any (array['127.0.0.0/8', '::1/128']::pg_catalog.inet[]) as is_local
from pg_catalog.pg_stat_get_activity(null) as a
where a.datid = %(oid)s::int8::oid
    and a.backend_type in ('client backend', 'walsender')
    and a.pid <> all (%(known)s::int4[])
    and (%(only)s::int4[] is null or a.pid = any (%(only)s::int4[]))
order by a.pid
