-- promise: two schemas that use the same names for tables, indexes, constraints and types stay apart
create schema one;
create schema two;
create type one.kind as enum ('a', 'b');
create type two.kind as enum ('x', 'y');
create table one.items (id int constraint items_pkey primary key, kind one.kind not null, code text not null);
create table two.items (id uuid constraint items_pkey primary key, kind two.kind not null, code int not null);
alter table one.items add constraint items_code_check check (code like 'one-%');
alter table two.items add constraint items_code_check check (code > 100);
create unique index items_code_key on one.items (code);
create unique index items_code_key on two.items (code);
create table one.parts (id serial primary key, item_id int not null constraint parts_fkey references one.items);
create table two.parts (id serial primary key, item_id uuid not null constraint parts_fkey references two.items);
create table public.items (id serial primary key, one_id int not null references one.items, two_id uuid not null references two.items);
