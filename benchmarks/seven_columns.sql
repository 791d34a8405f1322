-- Seven columns of the commonest kinds, and a table that refers to them.
create table people (
    id uuid primary key,
    email text not null unique,
    full_name text not null,
    created_at timestamptz not null,
    bio text not null,
    age integer not null check (age between 18 and 99),
    is_active boolean not null
);
create table posts (
    id uuid primary key,
    person_id uuid not null references people (id),
    title text not null,
    created_at timestamptz not null
);
