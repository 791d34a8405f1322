-- Who is connected to a database, but for the backends that are given.
select
    a.pid,
    coalesce(a.state, 'starting') as state,
    coalesce(a.application_name, '') as application,
    pg_catalog.left(coalesce(a.query, ''), 120) as query,
    a.client_port
from pg_catalog.pg_stat_activity as a
where a.datname = %s and a.pid <> all (%s)
order by a.pid
