-- The tables in which a run wrote rows that have a key.
select distinct relation::bigint as oid
from supaseed.rows
where run = %(run)s and key is not null
order by 1
