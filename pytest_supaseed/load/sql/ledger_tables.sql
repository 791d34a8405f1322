-- The tables that hold rows of runs, and how many; one run, or all of them.
select relation::bigint as oid, count(*) as rows
from supaseed.rows
where %(run)s::bigint is null or run = %(run)s
group by relation
order by relation
