-- promise: the difficulties combine: tenants, circles, partial uniques, domains, generated columns, exclusions
create schema "Sales";
create domain "Sales".sku as text check (value ~ '^[A-Z]{3}[0-9]{3}$');
create type "Sales".state as enum ('open', 'won', 'lost');
create table "Sales".tenants (
    id uuid primary key default gen_random_uuid(),
    slug text not null check (slug ~ '^[a-z][a-z0-9-]{2,30}$'),
    owner_id uuid
);
create unique index on "Sales".tenants (lower(slug));
create table "Sales".members (
    tenant_id uuid not null references "Sales".tenants,
    id uuid not null default gen_random_uuid() unique,
    email text not null,
    is_owner boolean not null default false,
    invited_by uuid,
    primary key (tenant_id, id),
    foreign key (tenant_id, invited_by) references "Sales".members (tenant_id, id)
);
create unique index on "Sales".members (tenant_id, lower(email));
create unique index on "Sales".members (tenant_id) where is_owner;
alter table "Sales".tenants add foreign key (owner_id) references "Sales".members (id);
create table "Sales".products (
    tenant_id uuid not null references "Sales".tenants on delete cascade,
    sku "Sales".sku not null,
    price numeric(10, 2) not null check (price > 0),
    valid daterange not null,
    primary key (tenant_id, sku)
);
create table "Sales".deals (
    tenant_id uuid not null,
    id bigint generated always as identity,
    member_id uuid not null,
    sku "Sales".sku not null,
    state "Sales".state not null,
    opened_at timestamptz not null,
    closed_at timestamptz,
    amount int not null check (amount between 1 and 99),
    key text generated always as (sku::text || '-' || amount) stored,
    primary key (tenant_id, id),
    foreign key (tenant_id, member_id) references "Sales".members,
    foreign key (tenant_id, sku) references "Sales".products,
    check ((state = 'open') = (closed_at is null)),
    check (closed_at >= opened_at)
);
