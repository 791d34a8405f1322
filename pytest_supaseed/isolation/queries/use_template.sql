-- A template that is whole; from now on it is the one that was used last.
update public.template as t
set used_at = pg_catalog.now()
from pg_catalog.pg_database as d
where t.name = %(name)s and d.datname = t.name and d.datistemplate
returning
    t.content,
    d.oid::int8,
    t.made_from::text,
    t.made_from_oid::int8,
    (select p.oid::int8 from pg_catalog.pg_database as p where p.datname = t.made_from)
