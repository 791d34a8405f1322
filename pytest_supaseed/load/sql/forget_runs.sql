-- Take out of the ledger the runs of which no row is left, and what is known of their parts.
delete from supaseed.runs n
where (%(run)s::bigint is null or n.id = %(run)s)
    and not exists (select from supaseed.rows r where r.run = n.id)
