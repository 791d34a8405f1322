-- The types that columns of those relations need, and the types that these are made of.
with recursive needed (oid) as (
    select a.atttypid
    from pg_catalog.pg_attribute a
    where a.attrelid = any(%(tables)s::pg_catalog.oid[]) and a.attnum > 0 and not a.attisdropped
    union
    select part.oid
    from needed
    join pg_catalog.pg_type t on t.oid = needed.oid
    cross join lateral (
        select t.typelem
        union all
        select t.typbasetype
        union all
        select r.rngsubtype from pg_catalog.pg_range r where t.oid in (r.rngtypid, r.rngmultitypid)
        union all
        select a.atttypid
        from pg_catalog.pg_attribute a
        where a.attrelid = t.typrelid and t.typrelid <> 0 and a.attnum > 0 and not a.attisdropped
    ) part (oid)
    where part.oid <> 0
)
select
    t.oid::bigint as oid,
    n.nspname as schema,
    t.typname as name,
    t.typtype::text as kind,
    -- A true array is the array type of its element; int2vector and point have elements and are none.
    case when element.typarray = t.oid then element.oid::bigint end as element,
    nullif(t.typbasetype::bigint, 0) as base,
    t.typtypmod as base_modifier,
    t.typnotnull as not_null,
    -- The stored text of a default was printed for another search_path; the expression is printed for ours.
    coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typdefault) as default,
    (
        select r.rngsubtype::bigint from pg_catalog.pg_range r where t.oid in (r.rngtypid, r.rngmultitypid)
    ) as subtype,
    coalesce(
        (
            select pg_catalog.array_agg(e.enumlabel::text order by e.enumsortorder)
            from pg_catalog.pg_enum e
            where e.enumtypid = t.oid
        ),
        '{}'
    ) as labels,
    nullif(t.typrelid::bigint, 0) as row_of
from needed
join pg_catalog.pg_type t on t.oid = needed.oid
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
left join pg_catalog.pg_type element on element.oid = t.typelem
