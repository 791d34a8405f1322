-- The next transaction id, and how many rows were written ever: in the database, and in each of the given tables.
select
    (pg_catalog.age('3'::pg_catalog.xid)::pg_catalog.int8 + 3) & 4294967295,
    pg_catalog.pg_stat_get_db_tuples_inserted(d.oid),
    pg_catalog.pg_stat_get_db_tuples_updated(d.oid),
    pg_catalog.pg_stat_get_db_tuples_deleted(d.oid),
    (
        select
            pg_catalog.string_agg(
                pg_catalog.concat_ws(
                    ' ', t.oid,
                    pg_catalog.pg_stat_get_tuples_inserted(t.oid),
                    pg_catalog.pg_stat_get_tuples_updated(t.oid),
                    pg_catalog.pg_stat_get_tuples_deleted(t.oid)
                ),
                ','
            )
        from pg_catalog.unnest($1::pg_catalog.oid[]) as t (oid)
    )
from pg_catalog.pg_database as d
where d.datname = pg_catalog.current_database()
