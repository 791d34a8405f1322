-- The next transaction id, who else is connected to this database, but for the backends that are given, and
-- whether there is a replication slot on it: making one takes no transaction id.
-- The id is the next to be given out, 32 bits of it, and not a snapshot's `xmax`, which moves as transactions end:
-- one whose client has just gone may still be open, and has drawn from a sequence.
select
    ((pg_catalog.age('3'::pg_catalog.xid)::pg_catalog.int8 + 3) & 4294967295)::text,
    array(
        select a.pid
        from pg_catalog.pg_stat_get_activity(null) as a
        where
            a.datid = $1::pg_catalog.oid
            and a.backend_type in ('client backend', 'walsender')
            and a.pid <> all ($2::pg_catalog.int4[])
    )::text,
    exists (select from pg_catalog.pg_get_replication_slots() as s where s.datoid = $1::pg_catalog.oid)
