-- The rows that are to go: where they lie, and why one is kept after all.
create temporary table supaseed_doomed (
    relation oid not null,
    place tid not null,
    key text[],
    digest text,
    kept text,
    referrer oid
) on commit drop
