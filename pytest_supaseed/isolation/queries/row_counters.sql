-- How many rows were written in each table of this database, ever: inserted, updated, deleted.
-- The two that hold nothing but statistics for the planner, pg_statistic and pg_statistic_ext_data, do not count.
-- Counters: https://www.postgresql.org/docs/current/monitoring-stats.html
select
    c.oid::int8 as oid,
    pg_catalog.pg_stat_get_tuples_inserted(c.oid) as inserted,
    pg_catalog.pg_stat_get_tuples_updated(c.oid) as updated,
    pg_catalog.pg_stat_get_tuples_deleted(c.oid) as deleted
from pg_catalog.pg_class as c
where c.relkind in ('r', 'm') and not c.relisshared and c.oid not in (2619, 3429)
