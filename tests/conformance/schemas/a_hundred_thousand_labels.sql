-- promise: an enum may have a hundred thousand labels
do $$
begin
    execute 'create type label as enum (' || (
        select string_agg(quote_literal('label ' || n), ', ') from generate_series(1, 100000) as n
    ) || ')';
end $$;
create table labels (id serial primary key, label label not null);
