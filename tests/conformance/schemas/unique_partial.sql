-- promise: a unique index that speaks of some rows only binds those, and tables with one are filled whole
-- expect: select count(*) = 60 from addresses
-- expect: select count(*) = 60 from jobs
-- expect: select count(*) = 60 from documents
create table people (id serial primary key, name text not null);
create table addresses (
    id serial primary key,
    person_id int not null references people,
    is_default boolean not null,
    street text not null
);
create unique index on addresses (person_id) where is_default;
create type job_state as enum ('waiting', 'running', 'done');
create table jobs (id serial primary key, queue text not null, state job_state not null);
create unique index on jobs ((true)) where state = 'running';
create table documents (id serial primary key, slug text not null, deleted_at timestamptz, parent_id int);
create unique index on documents (slug) where deleted_at is null;
create unique index on documents (parent_id) where parent_id is not null;
