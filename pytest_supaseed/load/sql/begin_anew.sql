-- A part is loaded anew, whatever became of it before.
update supaseed.parts
set place = '{"phase": "other", "tried": 0, "taken": 0}', report = null
where run = %(run)s and part = %(part)s
