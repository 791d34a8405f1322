-- promise: domains over domains, enums, composites and ranges of the schema's own get values
create domain positive as int check (value > 0);
create domain percent as positive check (value <= 100);
create domain code as varchar(8) not null check (value ~ '^[A-Z]{2}-[0-9]{4}$');
create domain tags as text[] check (cardinality(value) between 1 and 3);
create type mood as enum ('happy', 'it''s fine', 'sad, really', '');
create type place as (street text, number int, tags text[]);
create type floats as range (subtype = float8);
create table things (
    id serial primary key,
    a positive not null, b percent not null, c code, d tags not null, e mood not null, f place not null,
    g floats not null, h place[] not null, i percent[] not null
);
