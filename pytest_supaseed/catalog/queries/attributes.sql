-- Attributes of composite types and of row types that are used as types.
select
    a.attrelid::bigint as table_oid,
    a.attname as name,
    a.atttypid::bigint as type_oid,
    a.atttypmod as modifier,
    pg_catalog.format_type(a.atttypid, a.atttypmod) as formatted_type
from pg_catalog.pg_attribute a
where a.attrelid = any(%(rows)s::pg_catalog.oid[]) and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum
