-- Accounts, personal and of teams, and who belongs to which.

create table basejump.accounts (
  id uuid primary key default gen_random_uuid(),
  primary_owner_user_id uuid not null default auth.uid() references auth.users (id),
  name text,
  slug text unique,
  personal_account boolean not null default false,
  updated_at timestamptz,
  created_at timestamptz,
  created_by uuid references auth.users (id),
  updated_by uuid references auth.users (id),
  private_metadata jsonb default '{}'::jsonb,
  public_metadata jsonb default '{}'::jsonb,
  constraint basejump_accounts_slug_null_if_personal_account_true
    check (personal_account = (slug is null))
);
comment on column basejump.accounts.primary_owner_user_id is 'A user who owns an account cannot be deleted';

create table basejump.account_user (
  user_id uuid not null references auth.users (id) on delete cascade,
  account_id uuid not null references basejump.accounts (id) on delete cascade,
  account_role basejump.account_role not null,
  constraint account_user_pkey primary key (user_id, account_id)
);
create index account_user_account_id on basejump.account_user (account_id);

create function basejump.protect_account_fields() returns trigger language plpgsql as $$
begin
  if current_user in ('anon', 'authenticated')
    and (new.id, new.personal_account, new.primary_owner_user_id)
      is distinct from (old.id, old.personal_account, old.primary_owner_user_id)
  then
    raise exception 'You do not have permission to update this field' using errcode = '42501';
  end if;
  return new;
end;
$$;

create function basejump.slugify_account_slug() returns trigger language plpgsql as $$
begin
  new.slug := lower(regexp_replace(new.slug, '[^a-zA-Z0-9-]+', '-', 'g'));
  return new;
end;
$$;

-- Who makes an account for oneself is its first owner.
create function basejump.add_current_user_to_new_account() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.primary_owner_user_id = auth.uid() then
    insert into basejump.account_user (account_id, user_id, account_role)
    values (new.id, auth.uid(), 'owner');
  end if;
  return new;
end;
$$;

create function basejump.run_new_user_setup() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into basejump.accounts (id, name, primary_owner_user_id, personal_account, created_at)
  values (new.id, split_part(new.email, '@', 1), new.id, true, new.created_at);
  insert into basejump.account_user (account_id, user_id, account_role)
  values (new.id, new.id, 'owner')
  on conflict (user_id, account_id) do nothing;
  return new;
end;
$$;

create trigger basejump_protect_account_fields before update on basejump.accounts
  for each row execute function basejump.protect_account_fields();
create trigger basejump_slugify_account_slug before insert or update on basejump.accounts
  for each row execute function basejump.slugify_account_slug();
create trigger basejump_set_accounts_timestamp before insert or update on basejump.accounts
  for each row execute function basejump.trigger_set_timestamps();
create trigger basejump_set_accounts_user_tracking before insert or update on basejump.accounts
  for each row execute function basejump.trigger_set_user_tracking();
create trigger basejump_add_current_user_to_new_account after insert on basejump.accounts
  for each row execute function basejump.add_current_user_to_new_account();
create trigger on_auth_user_created after insert on auth.users
  for each row execute function basejump.run_new_user_setup();

create function basejump.has_role_on_account(account_id uuid, account_role basejump.account_role default null)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select from basejump.account_user as held
    where held.user_id = (select auth.uid())
      and held.account_id = has_role_on_account.account_id
      and held.account_role = coalesce(has_role_on_account.account_role, held.account_role)
  )
$$;

create function basejump.get_accounts_with_role(passed_in_role basejump.account_role default null)
returns setof uuid language sql stable security definer set search_path = '' as $$
  select held.account_id from basejump.account_user as held
  where held.user_id = (select auth.uid())
    and held.account_role = coalesce(passed_in_role, held.account_role)
$$;

grant execute on function
  basejump.has_role_on_account(uuid, basejump.account_role),
  basejump.get_accounts_with_role(basejump.account_role)
to authenticated;

grant select, insert, update, delete on basejump.accounts, basejump.account_user
  to authenticated, service_role;
alter table basejump.accounts enable row level security;
alter table basejump.account_user enable row level security;

create policy "Members see an account" on basejump.accounts for select to authenticated
  using (basejump.has_role_on_account(id));
create policy "A primary owner sees the account" on basejump.accounts for select to authenticated
  using (primary_owner_user_id = (select auth.uid()));
create policy "Every user may make a team account" on basejump.accounts for insert to authenticated
  with check (basejump.is_set('enable_team_accounts') and not personal_account);
create policy "Owners change an account" on basejump.accounts for update to authenticated
  using (basejump.has_role_on_account(id, 'owner'));

create policy "Users see the own memberships" on basejump.account_user for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Members see each other" on basejump.account_user for select to authenticated
  using (basejump.has_role_on_account(account_id));
create policy "Owners remove all but the primary owner" on basejump.account_user for delete to authenticated
  using (
    basejump.has_role_on_account(account_id, 'owner')
    and user_id <> (select owned.primary_owner_user_id from basejump.accounts as owned where owned.id = account_id)
  );
