-- How far the parts of a run are, in the order of loading.
select
    label, planned, report is not null as done,
    case when report is not null then planned else (place ->> 'tried')::bigint end as tried
from supaseed.parts
where run = %(run)s
order by part
