-- Every type but those of tables' rows: few hundred, read whole so that no type needs a query of its own.
select
    t.oid::bigint as oid,
    n.nspname as schema,
    t.typname as name,
    t.typtype::text as kind,
    t.typcategory::text as category,
    t.typelem::bigint as element,
    t.typbasetype::bigint as base,
    t.typtypmod as base_modifier,
    t.typnotnull as not_null,
    t.typdefault as default,
    coalesce(r.rngsubtype, m.rngsubtype, 0)::bigint as subtype,
    coalesce(
        (
            select pg_catalog.array_agg(e.enumlabel::text order by e.enumsortorder)
            from pg_catalog.pg_enum e
            where e.enumtypid = t.oid
        ),
        '{}'
    ) as labels,
    case when c.relkind = 'c' then c.oid::bigint end as attributes_of
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
left join pg_catalog.pg_class c on c.oid = t.typrelid
left join pg_catalog.pg_range r on r.rngtypid = t.oid
left join pg_catalog.pg_range m on m.rngmultitypid = t.oid
where t.typrelid = 0 or c.relkind = 'c' or t.oid = any(
    select a.atttypid
    from pg_catalog.pg_attribute a
    where a.attrelid = any(%(tables)s::pg_catalog.oid[]) and not a.attisdropped
)
