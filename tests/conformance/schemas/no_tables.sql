-- promise: a schema without tables is nothing to fill, and no error
create schema empty;
create type mood as enum ('happy');
create function nothing() returns int language sql as 'select 1';
create view numbers as select generate_series(1, 10) as n;
