-- The next transaction id, and who else is connected to this database, but for the backends that are given.
select
    pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text,
    array(
        select a.pid
        from pg_catalog.pg_stat_get_activity(null) as a
        where a.datid = $1::pg_catalog.oid and a.pid <> all ($2::pg_catalog.int4[])
    )::text
