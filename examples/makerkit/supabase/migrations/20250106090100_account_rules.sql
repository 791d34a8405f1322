-- What the database itself sees to: personal accounts, slugs, and rules that no client may get around.

-- A new user gets a personal account with the user's own id -----------------------------------------------

create function kit.setup_new_user() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.accounts (id, primary_owner_user_id, name, is_personal_account, picture_url, email)
  values (
    new.id,
    new.id,
    coalesce(nullif(new.raw_user_meta_data ->> 'name', ''), split_part(new.email, '@', 1), 'Unnamed'),
    true,
    new.raw_user_meta_data ->> 'avatar_url',
    new.email
  );
  return new;
end;
$$;

create trigger on_auth_user_created
after insert on auth.users
for each row execute function kit.setup_new_user();

create function kit.handle_update_user_email() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.accounts set email = new.email where id = new.id and is_personal_account;
  return new;
end;
$$;

create trigger on_auth_user_updated
after update of email on auth.users
for each row when (old.email is distinct from new.email)
execute function kit.handle_update_user_email();

-- A team's slug is made from its name ---------------------------------------------------------------------

create function kit.slugify(source text) returns text
language sql stable strict set search_path = '' as $$
  select trim(both '-' from regexp_replace(lower(kit.unaccent(source)), '[^a-z0-9]+', '-', 'g'));
$$;

create function kit.set_slug_from_account_name() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  base text := coalesce(nullif(kit.slugify(new.name), ''), 'team');
  candidate text := base;
  attempt integer := 1;
begin
  while exists (select 1 from public.accounts where slug = candidate and id is distinct from new.id) loop
    attempt := attempt + 1;
    candidate := base || '-' || attempt;
  end loop;
  new.slug := candidate;
  return new;
end;
$$;

create trigger set_slug_on_insert
before insert on public.accounts
for each row when (not new.is_personal_account and new.slug is null)
execute function kit.set_slug_from_account_name();

create trigger set_slug_on_rename
before update of name on public.accounts
for each row when (not new.is_personal_account and new.name is distinct from old.name)
execute function kit.set_slug_from_account_name();

-- Rules ---------------------------------------------------------------------------------------------------

create function kit.protect_account_fields() returns trigger
language plpgsql set search_path = '' as $$
begin
  if current_user in ('anon', 'authenticated') and (
    new.id, new.primary_owner_user_id, new.is_personal_account, new.email
  ) is distinct from (old.id, old.primary_owner_user_id, old.is_personal_account, old.email) then
    raise exception 'These columns of an account cannot be changed by a client' using errcode = '42501';
  end if;
  return new;
end;
$$;

create trigger protect_account_fields
before update on public.accounts
for each row execute function kit.protect_account_fields();

create function kit.prevent_memberships_update() returns trigger
language plpgsql set search_path = '' as $$
begin
  if (new.user_id, new.account_id) is distinct from (old.user_id, old.account_id) then
    raise exception 'A membership can change its role only' using errcode = '23514';
  end if;
  return new;
end;
$$;

create trigger prevent_memberships_update
before update on public.accounts_memberships
for each row execute function kit.prevent_memberships_update();

create function kit.prevent_account_owner_membership_delete() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if exists (
    select 1 from public.accounts where id = old.account_id and primary_owner_user_id = old.user_id
  ) then
    raise exception 'The primary owner cannot leave the team' using errcode = '23514';
  end if;
  return old;
end;
$$;

create trigger prevent_account_owner_membership_delete
before delete on public.accounts_memberships
for each row execute function kit.prevent_account_owner_membership_delete();

-- Fires for invitations and memberships alike: both belong to teams only.
create function kit.check_team_account() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select 1 from public.accounts where id = new.account_id and is_personal_account) then
    raise exception 'A personal account has no other members' using errcode = '23514';
  end if;
  return new;
end;
$$;

create trigger check_team_account
before insert or update on public.invitations
for each row execute function kit.check_team_account();

create trigger check_team_account
before insert on public.accounts_memberships
for each row execute function kit.check_team_account();
