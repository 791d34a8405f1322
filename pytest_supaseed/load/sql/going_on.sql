-- The runs whose advisory lock is held: the first half of its key says that it is one of a run.
select objid::bigint as run
from pg_catalog.pg_locks
where locktype = 'advisory' and classid = 1398100036 and objsubid = 2
    and database = (select oid from pg_catalog.pg_database where datname = current_database())
