-- How many rows were written in each table of this database, ever: OID, inserted, updated, deleted; in one text.
-- Null where the database's own sums of them are those that are given.
-- The two that hold nothing but statistics for the planner, pg_statistic and pg_statistic_ext_data, do not count.
-- Counters: https://www.postgresql.org/docs/current/monitoring-stats.html
select
    pg_catalog.string_agg(
        pg_catalog.concat_ws(
            ' ', c.oid,
            pg_catalog.pg_stat_get_tuples_inserted(c.oid),
            pg_catalog.pg_stat_get_tuples_updated(c.oid),
            pg_catalog.pg_stat_get_tuples_deleted(c.oid)
        ),
        ','
    )
from pg_catalog.pg_class as c
where
    c.relkind in ('r', 'm') and not c.relisshared and c.oid not in (2619, 3429)
    and $1::pg_catalog.text <> (
        select
            pg_catalog.concat_ws(
                ' ',
                pg_catalog.pg_stat_get_db_tuples_inserted(d.oid),
                pg_catalog.pg_stat_get_db_tuples_updated(d.oid),
                pg_catalog.pg_stat_get_db_tuples_deleted(d.oid)
            )
        from pg_catalog.pg_database as d
        where d.datname = pg_catalog.current_database()
    )
