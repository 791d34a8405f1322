-- The tables that the open transaction inserted into, and how many rows it updated there.
select relid::bigint as oid, n_tup_upd as updated
from pg_catalog.pg_stat_xact_user_tables
where n_tup_ins > 0 and schemaname <> 'supaseed'
order by relid
