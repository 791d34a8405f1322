-- Take out of the ledger what is no longer there: rows that were deleted.
delete from supaseed.rows r
where (%(run)s::bigint is null or r.run = %(run)s)
    and (%(part)s::integer is null or r.part = %(part)s)
    and not exists (
        select from supaseed_doomed d
        where d.kept is not null and d.relation = r.relation
            and (d.key = r.key or (d.key is null and r.key is null and d.digest = r.digest))
    )
