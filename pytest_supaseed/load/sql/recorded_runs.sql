-- The runs of the ledger, the oldest first.
select
    run.id, run.seed, run.users, run.started_at, run.state, run.parts,
    (select count(*) from supaseed.rows where rows.run = run.id) as rows,
    (select count(*) from supaseed.parts where parts.run = run.id and report is not null) as parts_done
from supaseed.runs as run
order by run.id
