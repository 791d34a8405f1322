-- Attributes of composite types.
select
    a.attrelid::bigint as table_oid,
    a.attname as name,
    a.atttypid::bigint as type_oid,
    a.atttypmod as modifier,
    pg_catalog.format_type(a.atttypid, a.atttypmod) as formatted_type
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
where c.relkind = 'c' and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum
