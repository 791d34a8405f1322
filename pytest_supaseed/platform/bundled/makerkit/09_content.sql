-- What the application is about: setups of gear, made from templates, each of them an account's.

create table public.base_templates (
  id uuid primary key default gen_random_uuid(),
  name varchar(120) not null unique,
  category text not null check (category in ('vehicle', 'backpack', 'camp', 'kitchen', 'workshop')),
  description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.setups (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references public.accounts (id) on delete cascade,
  base_template_id uuid not null references public.base_templates (id),
  title varchar(160) not null check (char_length(title) > 0),
  description text,
  is_public boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, account_id),
  constraint setups_updated_after_creation check (updated_at >= created_at)
);
create index ix_setups_account_id on public.setups (account_id);
create index ix_setups_base_template_id on public.setups (base_template_id);

create table public.gear (
  id uuid primary key default gen_random_uuid(),
  name varchar(160) not null,
  brand text,
  category text not null check (category in ('shelter', 'sleep', 'kitchen', 'power', 'tools', 'clothing')),
  weight_grams integer not null check (weight_grams > 0),
  price numeric(10, 2) check (price >= 0),
  created_at timestamptz not null default now()
);

create table public.setup_gear (
  setup_id uuid not null references public.setups (id) on delete cascade,
  gear_id uuid not null references public.gear (id) on delete cascade,
  quantity integer not null default 1 check (quantity > 0),
  primary key (setup_id, gear_id)
);
create index ix_setup_gear_gear_id on public.setup_gear (gear_id);

-- The key of two columns keeps a file and its setup in the same account.
create table public.media_attachments (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null,
  setup_id uuid not null,
  file_path text not null unique,
  mime_type text not null check (mime_type like 'image/%'),
  size_bytes bigint not null check (size_bytes > 0),
  caption text,
  created_at timestamptz not null default now(),
  foreign key (setup_id, account_id) references public.setups (id, account_id) on delete cascade
);
create index ix_media_attachments_setup on public.media_attachments (setup_id, account_id);

grant select on public.base_templates, public.gear to anon, authenticated;
grant select, insert, update, delete on public.base_templates, public.gear to service_role;
grant select on public.setups to anon;
grant select, insert, update, delete on public.setups, public.setup_gear, public.media_attachments
  to authenticated, service_role;

alter table public.base_templates enable row level security;
alter table public.setups enable row level security;
alter table public.gear enable row level security;
alter table public.setup_gear enable row level security;
alter table public.media_attachments enable row level security;

create policy base_templates_read on public.base_templates for select to anon, authenticated using (true);
create policy gear_read on public.gear for select to anon, authenticated using (true);

create policy setups_read_public on public.setups for select to anon, authenticated
  using (is_public);
create policy setups_own on public.setups for all to authenticated
  using (account_id = (select auth.uid()) or public.has_role_on_account(account_id))
  with check (account_id = (select auth.uid()) or public.has_role_on_account(account_id));

create policy setup_gear_read on public.setup_gear for select to authenticated
  using (exists (select from public.setups as setup where setup.id = setup_id));
create policy setup_gear_own on public.setup_gear for all to authenticated using (exists (
  select from public.setups as setup
  where setup.id = setup_id
    and (setup.account_id = (select auth.uid()) or public.has_role_on_account(setup.account_id))
));

create policy media_attachments_read on public.media_attachments for select to authenticated
  using (exists (select from public.setups as setup where setup.id = setup_id));
create policy media_attachments_own on public.media_attachments for all to authenticated
  using (account_id = (select auth.uid()) or public.has_role_on_account(account_id));
