-- What the migrator made in this database that Postgres lets no other than a superuser own: its kind and name.
select 'event trigger', e.evtname from pg_catalog.pg_event_trigger as e
where e.evtowner = %(migrator)s::pg_catalog.regrole
union all
select 'foreign data wrapper', w.fdwname from pg_catalog.pg_foreign_data_wrapper as w
where w.fdwowner = %(migrator)s::pg_catalog.regrole
union all
-- Those of whole schemas came with Postgres 15 and are superusers' too: all publications are treated alike.
select 'publication', p.pubname from pg_catalog.pg_publication as p
where p.pubowner = %(migrator)s::pg_catalog.regrole
union all
select 'subscription', s.subname from pg_catalog.pg_subscription as s
where s.subowner = %(migrator)s::pg_catalog.regrole
and s.subdbid = (select d.oid from pg_catalog.pg_database as d where d.datname = current_database())
