-- What tells that something in this database has changed, other than who is connected to it.
-- `entries` are those of the catalogs that all databases share: the database's own row, comment, labels,
-- settings and subscriptions. `foreign_state` is what outlives a session elsewhere: prepared transactions, replication slots.
select
    (pg_catalog.age('3'::pg_catalog.xid)::pg_catalog.int8 + 3) & 4294967295 as next_xid,
    pg_catalog.pg_stat_get_db_tuples_inserted(d.oid) as inserted,
    pg_catalog.pg_stat_get_db_tuples_updated(d.oid) as updated,
    pg_catalog.pg_stat_get_db_tuples_deleted(d.oid) as deleted,
    pg_catalog.concat_ws(
        ' ', d.xmin, d.ctid, pg_catalog.pg_stat_get_db_stat_reset_time(d.oid),
        (
            select pg_catalog.string_agg(pg_catalog.concat(s.setrole, s.setconfig), ' ' order by s.setrole)
            from pg_catalog.pg_db_role_setting as s where s.setdatabase = d.oid
        ),
        (
            select c.description
            from pg_catalog.pg_shdescription as c
            where c.objoid = d.oid and c.classoid = 'pg_catalog.pg_database'::regclass
        ),
        (
            select pg_catalog.string_agg(l.label, ' ' order by l.provider)
            from pg_catalog.pg_shseclabel as l
            where l.objoid = d.oid and l.classoid = 'pg_catalog.pg_database'::regclass
        ),
        (
            select pg_catalog.string_agg(pg_catalog.concat(u.oid, ' ', u.xmin), ' ' order by u.oid)
            from pg_catalog.pg_subscription as u where u.subdbid = d.oid
        )
    ) as entries,
    (
        select pg_catalog.count(*)::int4 from pg_catalog.pg_prepared_xacts as p where p.database = d.datname
    ) as prepared,
    (
        select pg_catalog.count(*)::int4 from pg_catalog.pg_replication_slots as r where r.database = d.datname
    ) as slots
from pg_catalog.pg_database as d
where d.datname = pg_catalog.current_database()
