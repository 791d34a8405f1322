-- The tables that hold rows of runs, and how many; of one run, or one part of it, or all of them.
select relation::bigint as oid, count(*) as rows
from supaseed.rows
where (%(run)s::bigint is null or run = %(run)s)
    and (%(part)s::integer is null or part = %(part)s)
group by relation
order by relation
