-- The next transaction id, who else is connected to this database, but for the backends that are given, and
-- whether there is a replication slot on it: making one takes no transaction id.
-- The id is the next to be given out, 32 bits of it, and not a snapshot's `xmax`, which moves as transactions end:
-- one whose client has just gone may still be open, and has drawn from a sequence.
select
    ((pg_catalog.age('3'::pg_catalog.xid)::pg_catalog.int8 + 3) & 4294967295)::text,
    array(
        select pg_catalog.pg_stat_get_backend_pid(a.id)
        from pg_catalog.pg_stat_get_backend_idset() as a (id)
        where
            pg_catalog.pg_stat_get_backend_dbid(a.id) = $1::pg_catalog.oid
            and pg_catalog.pg_stat_get_backend_pid(a.id) <> all ($2::pg_catalog.int4[])
            and exists (
                select from pg_catalog.pg_stat_get_activity(pg_catalog.pg_stat_get_backend_pid(a.id)) as b
                where b.backend_type in ('client backend', 'walsender')
            )
    )::text,
    exists (select from pg_catalog.pg_get_replication_slots() as s where s.datoid = $1::pg_catalog.oid)
