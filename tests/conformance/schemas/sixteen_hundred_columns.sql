-- promise: a table may have as many columns as Postgres allows
do $$
begin
    execute 'create table wide (' || (
        select string_agg(format('c%s smallint not null', n), ', ') from generate_series(1, 1600) as n
    ) || ')';
end $$;
