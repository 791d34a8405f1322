-- What the application is about: setups, made from templates, with their pictures, each of them an account's.

create table public.base_templates (
  id uuid primary key default gen_random_uuid(),
  name varchar(120) not null unique,
  category text not null check (category in ('vehicle', 'backpack', 'camp', 'kitchen', 'workshop')),
  description text,
  created_at timestamptz not null default now()
);

create table public.setups (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references public.accounts (id) on delete cascade,
  base_template_id uuid not null references public.base_templates (id),
  title varchar(160) not null check (char_length(title) > 0),
  description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, account_id)
);
create index ix_setups_account_id on public.setups (account_id);
create index ix_setups_base_template_id on public.setups (base_template_id);

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

grant select on public.base_templates to authenticated;
grant select, insert, update, delete on public.base_templates to service_role;
grant select, insert, update, delete on public.setups, public.media_attachments to authenticated, service_role;

alter table public.base_templates enable row level security;
alter table public.setups enable row level security;
alter table public.media_attachments enable row level security;

create policy base_templates_read on public.base_templates for select to authenticated using (true);
create policy setups_own on public.setups for all to authenticated
  using (account_id = (select auth.uid()))
  with check (account_id = (select auth.uid()));
create policy media_attachments_own on public.media_attachments for all to authenticated
  using (account_id = (select auth.uid()))
  with check (account_id = (select auth.uid()));
