-- Accounts, personal and of teams; who belongs to which; who is invited; tokens that work once.

create table public.accounts (
  id uuid primary key default gen_random_uuid(),
  primary_owner_user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  name varchar(255) not null,
  slug text unique,
  email varchar(320) unique,
  is_personal_account boolean not null default false,
  updated_at timestamptz,
  created_at timestamptz,
  created_by uuid references auth.users (id),
  updated_by uuid references auth.users (id),
  picture_url varchar(1000),
  public_data jsonb not null default '{}'::jsonb,
  constraint accounts_slug_null_if_personal_account_true
    check ((is_personal_account and slug is null) or (not is_personal_account and slug is not null))
);
comment on table public.accounts is 'A personal account has the id of its user; a team account has members';

create unique index unique_personal_account on public.accounts (primary_owner_user_id)
  where is_personal_account;
create index ix_accounts_primary_owner_user_id on public.accounts (primary_owner_user_id);

create table public.accounts_memberships (
  user_id uuid not null references auth.users (id) on delete cascade,
  account_id uuid not null references public.accounts (id) on delete cascade,
  account_role varchar(50) not null references public.roles (name),
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp,
  created_by uuid references auth.users (id),
  updated_by uuid references auth.users (id),
  primary key (user_id, account_id)
);
create index ix_accounts_memberships_account_id on public.accounts_memberships (account_id);
create index ix_accounts_memberships_account_role on public.accounts_memberships (account_role);

create table public.invitations (
  id serial primary key,
  email varchar(255) not null,
  account_id uuid not null references public.accounts (id) on delete cascade,
  invited_by uuid not null references auth.users (id) on delete cascade,
  role varchar(50) not null references public.roles (name),
  invite_token varchar(255) not null unique,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp,
  expires_at timestamptz not null default current_timestamp + interval '7 days',
  unique (email, account_id)
);
create index ix_invitations_account_id on public.invitations (account_id);

create table public.nonces (
  id uuid primary key default gen_random_uuid(),
  client_token text not null unique,
  user_id uuid references auth.users (id) on delete cascade,
  purpose text not null,
  metadata jsonb not null default '{}'::jsonb,
  scopes text[] not null default '{}',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked boolean not null default false,
  revoked_reason text,
  verification_attempts integer not null default 0 check (verification_attempts >= 0),
  constraint nonces_expire_after_creation check (expires_at > created_at),
  constraint nonces_used_after_creation check (used_at is null or used_at >= created_at)
);
comment on column public.nonces.client_token is 'The SHA-256 of the token, in hexadecimal; the token itself is not kept';
create index ix_nonces_user_purpose on public.nonces (user_id, purpose) where used_at is null and not revoked;
