-- promise: one of several owners, states that agree with their times, and uniques among what is not deleted
create table people (id bigserial primary key, name text not null);
create table companies (id bigserial primary key, name text not null unique);
create table accounts (
    id bigserial primary key,
    person_id bigint references people,
    company_id bigint references companies,
    iban varchar(22) not null,
    status text not null default 'active' check (status in ('active', 'blocked', 'closed')),
    blocked_at timestamptz,
    closed_at timestamptz,
    deleted_at timestamptz,
    check ((person_id is null) <> (company_id is null)),
    check (status <> 'blocked' or blocked_at is not null),
    check (status = 'closed' or closed_at is null),
    check (deleted_at is null or closed_at is not null)
);
create unique index on accounts (iban) where deleted_at is null;
create unique index on accounts (person_id, status) where person_id is not null and deleted_at is null;
