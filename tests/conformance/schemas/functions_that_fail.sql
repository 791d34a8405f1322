-- promise: a check whose function raises or sleeps costs its table, within bounds, and is named
-- once: each seeding waits until the server gives up
-- impossible: public.raising: raises
-- impossible: public.sleeping: sleeps
create function raises(n int) returns boolean language plpgsql as $$
begin
    raise exception 'this function raises';
end $$;
create function sleeps(n int) returns boolean language plpgsql as $$
begin
    perform pg_sleep(3600);
    return true;
end $$;
create table raising (id serial primary key, n int not null, constraint raises check (raises(n)));
create table sleeping (id serial primary key, n int not null, constraint sleeps check (sleeps(n)));
create table fine (id serial primary key, name text not null);
