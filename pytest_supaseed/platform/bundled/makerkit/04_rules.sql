-- What the database itself sees to: personal accounts, slugs, and rules that no client gets round.

-- A new user gets a personal account under the user's own id, as old as the user.
create function kit.setup_new_user() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  shown_name text := coalesce(new.raw_user_meta_data ->> 'name', split_part(new.email, '@', 1), '');
begin
  insert into public.accounts (
    id, primary_owner_user_id, name, is_personal_account, picture_url, email, created_at, updated_at
  ) values (
    new.id, new.id, shown_name, true, new.raw_user_meta_data ->> 'avatar_url', new.email,
    new.created_at, new.created_at
  );
  return new;
end;
$$;

create trigger on_auth_user_created after insert on auth.users
  for each row execute function kit.setup_new_user();

create function kit.handle_update_user_email() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.accounts set email = new.email
  where primary_owner_user_id = new.id and is_personal_account;
  return new;
end;
$$;

create trigger on_auth_user_updated after update of email on auth.users
  for each row execute function kit.handle_update_user_email();

-- Accents go, letters are small, everything else that is no digit becomes one hyphen.
create function kit.slugify(value text) returns text
language sql immutable strict set search_path = '' as $$
  select trim('-' from regexp_replace(
    regexp_replace(lower(normalize(value, NFKD)), '[\u0300-\u036f]+', '', 'g'), '[^a-z0-9]+', '-', 'g'
  ))
$$;

-- The first of `name`, `name-1`, `name-2`, ... that no account has.
create function kit.set_slug_from_account_name() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  wanted text := kit.slugify(new.name);
  number integer := 0;
begin
  new.slug := wanted;
  while exists (select from public.accounts as other where other.slug = new.slug and other.id <> new.id) loop
    number := number + 1;
    new.slug := wanted || '-' || number;
  end loop;
  return new;
end;
$$;

create trigger set_slug_from_account_name before insert on public.accounts
  for each row when (new.name is not null and new.slug is null and not new.is_personal_account)
  execute function kit.set_slug_from_account_name();
create trigger update_slug_from_account_name before update of name on public.accounts
  for each row when (new.name is distinct from old.name and not new.is_personal_account)
  execute function kit.set_slug_from_account_name();

create function kit.protect_account_fields() returns trigger
language plpgsql set search_path = '' as $$
begin
  if current_user in ('anon', 'authenticated')
    and (new.id, new.is_personal_account, new.primary_owner_user_id, new.email)
      is distinct from (old.id, old.is_personal_account, old.primary_owner_user_id, old.email)
  then
    raise exception 'You do not have permission to update this field' using errcode = '42501';
  end if;
  return new;
end;
$$;

create trigger protect_account_fields before update on public.accounts
  for each row execute function kit.protect_account_fields();

create function kit.prevent_memberships_update() returns trigger
language plpgsql set search_path = '' as $$
begin
  if new.account_role is distinct from old.account_role then
    return new;
  end if;
  raise exception 'Only the account_role can be updated' using errcode = '23514';
end;
$$;

create trigger prevent_memberships_update_check before update on public.accounts_memberships
  for each row execute function kit.prevent_memberships_update();

-- While the team exists; when it goes, its memberships go with it.
create function kit.prevent_account_owner_membership_delete() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if exists (
    select from public.accounts where id = old.account_id and primary_owner_user_id = old.user_id
  ) then
    raise exception 'The primary account owner cannot be removed from the account membership list'
      using errcode = '23514';
  end if;
  return old;
end;
$$;

create trigger prevent_account_owner_membership_delete_check before delete on public.accounts_memberships
  for each row execute function kit.prevent_account_owner_membership_delete();

create function kit.check_team_account() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from public.accounts where id = new.account_id and is_personal_account) then
    raise exception 'Account must be a team account' using errcode = '23514';
  end if;
  return new;
end;
$$;

create trigger only_team_accounts_check before insert or update on public.invitations
  for each row execute function kit.check_team_account();

create function kit.update_notification_dismissed_status() returns trigger
language plpgsql set search_path = '' as $$
begin
  if current_user in ('anon', 'authenticated') then
    old.dismissed := new.dismissed;
    return old;
  end if;
  return new;
end;
$$;
comment on function kit.update_notification_dismissed_status() is 'A client may dismiss, and change nothing else';

create trigger update_notification_dismissed_status before update on public.notifications
  for each row execute function kit.update_notification_dismissed_status();

-- Stamps a change, unless the change says itself when it was.
create function kit.stamp_update() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.updated_at := now();
  return new;
end;
$$;

create trigger stamp_update before update on public.accounts
  for each row when (
    new.updated_at is not distinct from old.updated_at and new.created_at is not distinct from old.created_at
  )
  execute function kit.stamp_update();

create function kit.cleanup_expired_nonces(older_than interval default interval '1 day') returns integer
language plpgsql security definer set search_path = '' as $$
declare
  removed integer;
begin
  delete from public.nonces
  where expires_at < now() - older_than or used_at < now() - older_than or revoked;
  get diagnostics removed = row_count;
  return removed;
end;
$$;
