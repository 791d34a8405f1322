-- What the application calls: teams, invitations, billing, tokens; and two views of the caller's own accounts.

create function public.get_config() returns json
language sql stable security definer set search_path = '' as $$
  select to_json(setting) from public.config as setting limit 1
$$;

create function public.create_team_account(account_name text) returns public.accounts
language plpgsql security definer set search_path = '' as $$
declare
  team public.accounts;
begin
  if not public.is_set('enable_team_accounts') then
    raise exception 'Team accounts are not enabled' using errcode = '42501';
  end if;
  insert into public.accounts (name, is_personal_account, created_at, updated_at, created_by, updated_by)
  values (account_name, false, now(), now(), auth.uid(), auth.uid())
  returning * into team;
  insert into public.accounts_memberships (user_id, account_id, account_role)
  values (team.primary_owner_user_id, team.id, 'owner');
  return team;
end;
$$;

create function public.transfer_team_account_ownership(target_account_id uuid, new_owner_id uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (
    select from public.accounts_memberships where account_id = target_account_id and user_id = new_owner_id
  ) then
    raise exception 'The new owner is no member of the team' using errcode = '23514';
  end if;
  update public.accounts set primary_owner_user_id = new_owner_id
  where id = target_account_id and not is_personal_account;
  update public.accounts_memberships set account_role = 'owner'
  where account_id = target_account_id and user_id = new_owner_id and account_role <> 'owner';
end;
$$;

create function public.get_account_members(account_slug text)
returns table (
  id uuid, user_id uuid, account_id uuid, role varchar(50), role_hierarchy_level integer,
  primary_owner_user_id uuid, name varchar, email varchar, picture_url varchar,
  created_at timestamptz, updated_at timestamptz
)
language sql stable security definer set search_path = '' as $$
  select person.id, held.user_id, held.account_id, held.account_role, role.hierarchy_level,
    team.primary_owner_user_id, person.name, person.email, person.picture_url,
    held.created_at, held.updated_at
  from public.accounts as team
  join public.accounts_memberships as held on held.account_id = team.id
  join public.roles as role on role.name = held.account_role
  join public.accounts as person on person.id = held.user_id
  where team.slug = account_slug and public.has_role_on_account(team.id)
$$;

create function public.add_invitations_to_account(account_slug text, invitations public.invitation[])
returns setof public.invitations language plpgsql set search_path = '' as $$
declare
  team_id uuid := (select id from public.accounts where slug = account_slug);
begin
  return query
    insert into public.invitations (email, account_id, invited_by, role, invite_token)
    select asked.email, team_id, auth.uid(), asked.role, replace(gen_random_uuid()::text, '-', '')
    from unnest(invitations) as asked
    returning *;
end;
$$;

create function public.get_account_invitations(account_slug text)
returns table (
  id integer, email varchar, account_id uuid, invited_by uuid, role varchar(50),
  created_at timestamptz, updated_at timestamptz, expires_at timestamptz,
  inviter_name varchar, inviter_email varchar
)
language sql stable security definer set search_path = '' as $$
  select asked.id, asked.email, asked.account_id, asked.invited_by, asked.role,
    asked.created_at, asked.updated_at, asked.expires_at, inviter.name, inviter.email
  from public.accounts as team
  join public.invitations as asked on asked.account_id = team.id
  join public.accounts as inviter on inviter.id = asked.invited_by
  where team.slug = account_slug and public.has_role_on_account(team.id)
$$;

create function public.accept_invitation(token text, user_id uuid) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  asked public.invitations;
begin
  delete from public.invitations as open
  where open.invite_token = token and open.expires_at > now()
  returning * into asked;
  if asked.id is null then
    raise exception 'Invitation not found' using errcode = 'P0002';
  end if;
  insert into public.accounts_memberships (user_id, account_id, account_role)
  values (accept_invitation.user_id, asked.account_id, asked.role);
  return asked.account_id;
end;
$$;

-- The customer of a team at a provider, made when first heard of.
create function kit.billing_customer(
  target_account_id uuid, target_customer_id varchar, target_provider public.billing_provider
) returns integer language sql security definer set search_path = '' as $$
  insert into public.billing_customers (account_id, provider, customer_id)
  values (target_account_id, target_provider, target_customer_id)
  on conflict (account_id, customer_id, provider) do update set email = billing_customers.email
  returning id
$$;

create function public.upsert_subscription(
  target_account_id uuid,
  target_customer_id varchar,
  target_subscription_id text,
  active boolean,
  status public.subscription_status,
  billing_provider public.billing_provider,
  cancel_at_period_end boolean,
  currency varchar,
  period_starts_at timestamptz,
  period_ends_at timestamptz,
  line_items jsonb,
  trial_starts_at timestamptz default null,
  trial_ends_at timestamptz default null
) returns public.subscriptions language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  stored public.subscriptions;
begin
  insert into public.subscriptions as held (
    id, account_id, billing_customer_id, status, active, billing_provider, cancel_at_period_end, currency,
    period_starts_at, period_ends_at, trial_starts_at, trial_ends_at
  ) values (
    upsert_subscription.target_subscription_id, upsert_subscription.target_account_id,
    kit.billing_customer(target_account_id, target_customer_id, upsert_subscription.billing_provider),
    upsert_subscription.status, upsert_subscription.active, upsert_subscription.billing_provider,
    upsert_subscription.cancel_at_period_end, upsert_subscription.currency,
    upsert_subscription.period_starts_at, upsert_subscription.period_ends_at,
    upsert_subscription.trial_starts_at, upsert_subscription.trial_ends_at
  ) on conflict (id) do update set
    (billing_customer_id, status, active, cancel_at_period_end, currency, period_starts_at, period_ends_at,
     trial_starts_at, trial_ends_at, updated_at)
    = (excluded.billing_customer_id, excluded.status, excluded.active, excluded.cancel_at_period_end,
       excluded.currency, excluded.period_starts_at, excluded.period_ends_at,
       excluded.trial_starts_at, excluded.trial_ends_at, now())
  returning * into stored;

  delete from public.subscription_items as old
  where old.subscription_id = stored.id
    and not exists (select from jsonb_array_elements(line_items) as line where line ->> 'id' = old.id);
  insert into public.subscription_items (
    id, subscription_id, product_id, variant_id, type, price_amount, quantity, interval, interval_count
  )
  select line.id, stored.id, line.product_id, line.variant_id, line.type, line.price_amount,
    coalesce(line.quantity, 1), line.interval, coalesce(line.interval_count, 1)
  from jsonb_to_recordset(line_items) as line (
    id varchar, product_id varchar, variant_id varchar, type public.subscription_item_type,
    price_amount numeric, quantity integer, interval varchar, interval_count integer
  )
  on conflict (id) do update set
    (price_amount, quantity, interval, interval_count, updated_at)
    = (excluded.price_amount, excluded.quantity, excluded.interval, excluded.interval_count, now());
  return stored;
end;
$$;

create function public.upsert_order(
  target_account_id uuid,
  target_customer_id varchar,
  target_order_id text,
  status public.payment_status,
  billing_provider public.billing_provider,
  total_amount numeric,
  currency varchar,
  line_items jsonb
) returns public.orders language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  stored public.orders;
begin
  insert into public.orders as placed (
    id, account_id, billing_customer_id, status, billing_provider, total_amount, currency
  ) values (
    upsert_order.target_order_id, upsert_order.target_account_id,
    kit.billing_customer(target_account_id, target_customer_id, upsert_order.billing_provider),
    upsert_order.status, upsert_order.billing_provider, upsert_order.total_amount, upsert_order.currency
  ) on conflict (id) do update set
    (status, total_amount, currency, updated_at)
    = (excluded.status, excluded.total_amount, excluded.currency, now())
  returning * into stored;

  insert into public.order_items (id, order_id, product_id, variant_id, price_amount, quantity)
  select line.id, stored.id, line.product_id, line.variant_id, line.price_amount, coalesce(line.quantity, 1)
  from jsonb_to_recordset(line_items) as line (
    id text, product_id text, variant_id text, price_amount numeric, quantity integer
  )
  on conflict (id) do update set
    (price_amount, quantity, updated_at) = (excluded.price_amount, excluded.quantity, now());
  return stored;
end;
$$;

create function public.create_nonce(
  for_user_id uuid, for_purpose text, valid_for interval default interval '1 hour'
) returns text language plpgsql security definer set search_path = '' as $$
declare
  token text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
  update public.nonces set revoked = true, revoked_reason = 'a newer one was made'
  where user_id = for_user_id and purpose = for_purpose and used_at is null and not revoked;
  insert into public.nonces (client_token, user_id, purpose, expires_at)
  values (encode(sha256(token::bytea), 'hex'), for_user_id, for_purpose, now() + valid_for);
  return token;
end;
$$;

create function public.verify_nonce(token text, for_purpose text) returns boolean
language sql security definer set search_path = '' as $$
  with used as (
    update public.nonces set used_at = now(), verification_attempts = verification_attempts + 1
    where client_token = encode(sha256(token::bytea), 'hex') and purpose = for_purpose
      and used_at is null and not revoked and expires_at > now()
    returning id
  )
  select exists (select from used)
$$;

-- Each view asks who is calling: as its owner it would see everybody's rows.
create view public.user_account_workspace as
select account.id, account.name, account.picture_url, (
  select held.status from public.subscriptions as held
  where held.account_id = account.id order by held.created_at desc limit 1
) as subscription_status
from public.accounts as account
where account.primary_owner_user_id = (select auth.uid()) and account.is_personal_account;

create view public.user_accounts as
select account.id, account.name, account.picture_url, account.slug, held.account_role as role
from public.accounts as account
join public.accounts_memberships as held on held.account_id = account.id
where held.user_id = (select auth.uid()) and not account.is_personal_account;

grant select on public.user_account_workspace, public.user_accounts to authenticated, service_role;
grant execute on function
  public.get_config(), public.create_team_account(text), public.get_account_members(text),
  public.get_account_invitations(text), public.add_invitations_to_account(text, public.invitation[])
to authenticated, service_role;
grant execute on function
  public.transfer_team_account_ownership(uuid, uuid),
  public.accept_invitation(text, uuid),
  public.upsert_subscription(
    uuid, varchar, text, boolean, public.subscription_status, public.billing_provider, boolean, varchar,
    timestamptz, timestamptz, jsonb, timestamptz, timestamptz
  ),
  public.upsert_order(
    uuid, varchar, text, public.payment_status, public.billing_provider, numeric, varchar, jsonb
  ),
  public.create_nonce(uuid, text, interval),
  public.verify_nonce(text, text)
to service_role;
