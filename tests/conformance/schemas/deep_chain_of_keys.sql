-- promise: a chain of a hundred tables, each with a key to the one before, is filled to its end
do $$
begin
    for n in 1..100 loop
        execute format('create table link_%s (id serial primary key, before_id int %s)', n,
            case when n > 1 then format('not null references link_%s', n - 1) else '' end);
    end loop;
end $$;
