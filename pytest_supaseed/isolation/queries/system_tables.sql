-- The system's own tables of this database, without those that hold nothing but statistics for the planner.
select c.oid::int8 as oid, n.nspname::text as schema, c.relname::text as name
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where
    c.relkind = 'r' and not c.relisshared and n.nspname in ('pg_catalog', 'information_schema')
    and c.relname not in ('pg_statistic', 'pg_statistic_ext_data')
order by c.oid
