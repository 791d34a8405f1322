-- A look-alike of the Basejump schema: names, types, keys and rules that its users meet, written from the public
-- description of them. Nothing of the project's own text is here.
--
-- First: settings, and the functions that stamp rows.

create schema basejump;
grant usage on schema basejump to authenticated, service_role;

alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke execute on functions from anon, authenticated;

create type basejump.account_role as enum ('owner', 'member');
create type basejump.invitation_type as enum ('one_time', '24_hour');
create type basejump.subscription_status as enum (
  'trialing', 'active', 'canceled', 'incomplete', 'incomplete_expired', 'past_due', 'unpaid'
);

create table basejump.config (
  enable_team_accounts boolean default true,
  enable_personal_account_billing boolean default true,
  enable_team_account_billing boolean default true,
  billing_provider text default 'stripe'
);
insert into basejump.config default values;

grant select on basejump.config to authenticated, service_role;
alter table basejump.config enable row level security;
create policy "Signed-in users read the settings" on basejump.config for select to authenticated using (true);

create function basejump.get_config() returns json language sql stable as $$
  select to_json(setting) from basejump.config as setting limit 1
$$;

create function basejump.is_set(field_name text) returns boolean language plpgsql stable as $$
declare
  answer boolean;
begin
  execute format('select %I from basejump.config limit 1', field_name) into answer;
  return answer;
end;
$$;

-- A new row that says when it was made keeps that; later nobody changes it.
create function basejump.trigger_set_timestamps() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    new.created_at := coalesce(new.created_at, now());
    new.updated_at := coalesce(new.updated_at, new.created_at);
  else
    new.created_at := old.created_at;
    new.updated_at := now();
  end if;
  return new;
end;
$$;

create function basejump.trigger_set_user_tracking() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    new.created_by := auth.uid();
  else
    new.created_by := old.created_by;
  end if;
  new.updated_by := auth.uid();
  return new;
end;
$$;

create function basejump.generate_token(length integer) returns text
language sql volatile set search_path = '' as $$
  select translate(encode(extensions.gen_random_bytes(length), 'base64'), E'/+=\n', '')
$$;

grant execute on function
  basejump.get_config(), basejump.is_set(text), basejump.generate_token(integer)
to authenticated, service_role;
