-- promise: rows that migrations made are kept and referred to
-- expect: select count(*) = 3 from roles
-- expect: select count(*) = 60 from members
create table roles (name text primary key check (name in ('owner', 'editor', 'reader')));
insert into roles values ('owner'), ('editor'), ('reader');
create table members (
    id uuid primary key default gen_random_uuid(),
    role text not null references roles,
    email text not null unique
);
