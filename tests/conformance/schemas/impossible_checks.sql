-- promise: what no row can satisfy costs its table alone, and the constraint is named
-- impossible: public.never: never_true
-- impossible: public.nowhere: too_
-- impossible: public.below: never
create table never (id serial primary key, a int, constraint never_true check (false));
create table nowhere (
    id serial primary key,
    n int not null,
    constraint too_low check (n < 0),
    constraint too_high check (n > 10)
);
create table below (id serial primary key, never_id int not null references never);
create table beside (id serial primary key, never_id int references never, name text not null);
create table fine (id serial primary key, name text not null);
