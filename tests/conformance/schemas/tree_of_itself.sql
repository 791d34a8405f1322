-- promise: a table that refers to itself is a tree: a share of roots, and parents that are there
-- expect: select count(*) between 1 and 40 from categories where parent_id is null
-- expect: select count(*) > 10 from categories where parent_id is not null
-- expect: select count(*) = 60 from pages
create table categories (
    id bigint generated always as identity primary key,
    parent_id bigint references categories,
    name text not null
);
create table pages (
    id uuid primary key default gen_random_uuid(),
    original_id uuid not null references pages,
    title text not null
);
