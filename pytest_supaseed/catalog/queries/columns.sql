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
    case when o.oid is not null then cn.nspname || '.' || o.collname end as collation,
    coalesce(not o.collisdeterministic, false) as loosely_equal,
    sequence.name as sequence,
    sequence.numbering
from pg_catalog.pg_attribute a
join pg_catalog.pg_type t on t.oid = a.atttypid
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_catalog.pg_collation o on o.oid = a.attcollation and a.attcollation <> t.typcollation
left join pg_catalog.pg_namespace cn on cn.oid = o.collnamespace
left join lateral (
    -- The one that it owns comes before one that its default draws from.
    select
        pg_catalog.quote_ident(sn.nspname) || '.' || pg_catalog.quote_ident(c.relname) as name,
        array[q.seqstart, q.seqincrement, q.seqmin, q.seqmax] as numbering
    from pg_catalog.pg_depend dep
    join pg_catalog.pg_class c
        on c.relkind = 'S' and c.oid = case when dep.deptype = 'n' then dep.refobjid else dep.objid end
    join pg_catalog.pg_sequence q on q.seqrelid = c.oid
    join pg_catalog.pg_namespace sn on sn.oid = c.relnamespace
    where (
            dep.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and dep.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and dep.refobjid = a.attrelid
            and dep.refobjsubid = a.attnum
            and dep.deptype in ('a', 'i')
        )
        or (
            dep.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
            and dep.objid = d.oid
            and dep.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and dep.deptype = 'n'
            and a.attgenerated = ''
        )
    order by dep.deptype = 'n', dep.deptype desc, c.oid
    limit 1
) as sequence on true
where a.attrelid = any(%(tables)s::pg_catalog.oid[]) and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum
