-- A look-alike of the MakerKit lite schema: one personal account for each user, and no teams. Names, types, keys and
-- rules that its users meet, written from the public description of them.

create schema kit;
grant usage on schema kit to authenticated, service_role;

alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;

create table public.accounts (
  id uuid primary key default gen_random_uuid(),
  name varchar(255) not null,
  email varchar(320) unique,
  updated_at timestamptz,
  created_at timestamptz,
  created_by uuid references auth.users (id),
  updated_by uuid references auth.users (id),
  picture_url varchar(1000),
  public_data jsonb not null default '{}'::jsonb
);
comment on table public.accounts is 'The account of the user with the same id; no key says so';

grant select, insert, update, delete on public.accounts to authenticated, service_role;
alter table public.accounts enable row level security;

create policy accounts_read on public.accounts for select to authenticated
  using (id = (select auth.uid()));
create policy accounts_update on public.accounts for update to authenticated
  using (id = (select auth.uid()))
  with check (id = (select auth.uid()));

create function kit.protect_account_fields() returns trigger
language plpgsql set search_path = '' as $$
begin
  if current_user in ('anon', 'authenticated')
    and (new.id, new.email) is distinct from (old.id, old.email)
  then
    raise exception 'You do not have permission to update this field' using errcode = '42501';
  end if;
  return new;
end;
$$;

create trigger protect_account_fields before update on public.accounts
  for each row execute function kit.protect_account_fields();

create function kit.handle_update_user_email() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.accounts set email = new.email where id = new.id;
  return new;
end;
$$;

create trigger on_auth_user_updated after update of email on auth.users
  for each row execute function kit.handle_update_user_email();

create function kit.new_user_created_setup() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.accounts (id, name, email, picture_url)
  values (
    new.id,
    coalesce(new.raw_user_meta_data ->> 'name', split_part(new.email, '@', 1), ''),
    new.email,
    new.raw_user_meta_data ->> 'avatar_url'
  );
  return new;
end;
$$;

create trigger on_auth_user_created after insert on auth.users
  for each row execute function kit.new_user_created_setup();
