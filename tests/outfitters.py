"""The schema on which the original tool failed: a kit with names, keys, triggers and enums of its own.

Rebuilt from what its users reported: templates are `base_templates`, setups belong to accounts, roles have no
`id`, accounts and profiles are guarded, and gear has an enum where other schemas have a table.
"""

from __future__ import annotations

TEMPLATES = ("vehicle", "backpack")
GEAR = ("shelter", "cooking", "sleep")

AUTH = """
create schema auth;
create table auth.users (id uuid primary key, email text not null unique, raw_user_meta_data jsonb);
"""
"""What a database without the platform needs of it."""

SCHEMA = """
create schema kit;
create type public.template_kind as enum ('vehicle', 'backpack');
create type public.gear_category as enum ('shelter', 'cooking', 'sleep');

create table public.roles (
  name varchar(50) primary key,
  hierarchy_level integer not null unique check (hierarchy_level > 0)
);
insert into public.roles values ('owner', 1), ('member', 2);

create table public.accounts (
  id uuid primary key default gen_random_uuid(),
  primary_owner_user_id uuid not null references auth.users (id) on delete cascade,
  name varchar(255) not null,
  slug text unique,
  email varchar(320) unique,
  picture_url varchar(1000),
  is_personal_account boolean not null default false,
  constraint accounts_slug_null_if_personal_account_true check (
    (is_personal_account and slug is null) or (not is_personal_account and slug is not null)
  )
);
create unique index unique_personal_account on public.accounts (primary_owner_user_id)
  where is_personal_account;

create table public.accounts_memberships (
  user_id uuid not null references auth.users (id) on delete cascade,
  account_id uuid not null references public.accounts (id) on delete cascade,
  account_role varchar(50) not null references public.roles (name),
  primary key (user_id, account_id)
);

create function kit.setup_new_user() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into public.accounts (id, primary_owner_user_id, name, is_personal_account, email)
  values (new.id, new.id, coalesce(new.raw_user_meta_data ->> 'name', new.email), true, new.email);
  return new;
end $$;
create trigger on_auth_user_created after insert on auth.users
  for each row execute function kit.setup_new_user();

create table public.profiles (
  id uuid primary key references public.accounts (id) on delete cascade,
  username text not null unique,
  picture_url text
);
create function kit.only_persons() returns trigger language plpgsql as $$
begin
  if not exists (select from public.accounts where id = new.id and is_personal_account) then
    raise exception 'Profiles can only be created for personal accounts';
  end if;
  return new;
end $$;
create trigger only_persons before insert on public.profiles
  for each row execute function kit.only_persons();

create table public.base_templates (
  id uuid primary key default gen_random_uuid(),
  type public.template_kind not null,
  category public.template_kind not null,
  make text not null,
  model text,
  year integer check (year between 1950 and 2030)
);
create table public.setups (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references public.accounts (id) on delete cascade,
  base_template_id uuid not null references public.base_templates (id),
  title varchar(120) not null check (char_length(title) between 3 and 120),
  category text not null check (category in ('overlanding', 'van-life'))
);
create table public.gear (
  id uuid primary key default gen_random_uuid(),
  name text not null unique,
  category public.gear_category not null
);
create table public.modifications (
  id bigint generated always as identity primary key,
  setup_id uuid not null references public.setups (id) on delete cascade,
  gear_id uuid not null references public.gear (id),
  note text not null
);
create table public.modification_pictures (
  id bigint generated always as identity primary key,
  modification_id bigint not null references public.modifications (id) on delete cascade,
  url text not null
);
"""

SHELVES = """
create table users (id bigint generated always as identity primary key, email text not null unique);
create table categories (id bigint generated always as identity primary key, name text not null unique);
create table gear (
  id bigint generated always as identity primary key,
  name text not null,
  category bigint not null references categories
);
"""

BROKEN = """
create table public.users (id bigint generated always as identity primary key, email text not null unique);
create function public.never(text) returns boolean language sql immutable as 'select false';
create table public.broken (
  id bigint generated always as identity primary key,
  user_id bigint not null references public.users (id),
  title text not null constraint refuses_all check (public.never(title))
);
create table public.of_broken (
  id bigint generated always as identity primary key,
  broken_id bigint not null references public.broken (id)
);
create table public.sound (
  id bigint generated always as identity primary key,
  user_id bigint not null references public.users (id)
);
"""
