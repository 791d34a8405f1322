-- Columns of those relations. A generated column's default is its expression.
select
    a.attrelid::bigint as table_oid,
    a.attnum as number,
    a.attname as name,
    a.atttypid::bigint as type_oid,
    a.atttypmod as modifier,
    pg_catalog.format_type(a.atttypid, a.atttypmod) as formatted_type,
    a.attnotnull as not_null,
    nullif(a.attidentity::text, '') as identity,
    nullif(a.attgenerated::text, '') as generated,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid) as default,
    not a.attislocal as inherited,
    pg_catalog.col_description(a.attrelid, a.attnum) as comment,
    (
        select pg_catalog.quote_ident(sn.nspname) || '.' || pg_catalog.quote_ident(s.relname)
        from pg_catalog.pg_depend dep
        join pg_catalog.pg_class s on s.oid = dep.objid and s.relkind = 'S'
        join pg_catalog.pg_namespace sn on sn.oid = s.relnamespace
        where dep.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and dep.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and dep.refobjid = a.attrelid
            and dep.refobjsubid = a.attnum
            and dep.deptype in ('a', 'i')
        order by s.oid
        limit 1
    ) as sequence
from pg_catalog.pg_attribute a
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = any(%(tables)s::pg_catalog.oid[]) and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum
