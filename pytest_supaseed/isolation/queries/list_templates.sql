-- Our template databases, each with what is known of it and whether a live run uses it.
with used as materialized (
    select l.objid
    from pg_catalog.pg_locks as l
    join pg_catalog.pg_database as r on r.oid = l.database and r.datname = pg_catalog.current_database()
    where l.locktype = 'advisory' and l.classid = %(uses)s and l.objsubid = 2
)
select
    d.datname::text,
    d.oid::int8,
    coalesce(t.kind, ''),
    coalesce(t.title, ''),
    coalesce(t.package, ''),
    t.made_at,
    t.used_at,
    t.made_from::text,
    exists (select from used as u where u.objid = d.oid),
    t.name is not null and d.datistemplate and (
        t.made_from is null
        or exists (
            select from pg_catalog.pg_database as p
            where p.datname = t.made_from and p.oid = t.made_from_oid
        )
    ),
    t.bytes
from pg_catalog.pg_database as d
left join public.template as t on t.name = d.datname
where pg_catalog.starts_with(d.datname::text, %(prefix)s)
order by t.used_at, d.datname
