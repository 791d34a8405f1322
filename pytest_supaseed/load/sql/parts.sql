-- How far a run came; the row that was written last has all that was found out.
select part, place, report, known
from supaseed.parts
where run = %(run)s
order by part
