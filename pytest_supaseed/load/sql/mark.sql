-- How far a part of a run is.
insert into supaseed.parts (run, part, label, planned, place, known, report)
values (%(run)s, %(part)s, %(label)s, %(planned)s, %(place)s, %(known)s, %(report)s)
on conflict (run, part) do update
set place = excluded.place, known = excluded.known, report = coalesce(excluded.report, parts.report)
