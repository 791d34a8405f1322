-- Invitations into teams; customers of a payment provider and their subscriptions.

create table basejump.invitations (
  id uuid primary key default gen_random_uuid(),
  account_role basejump.account_role not null,
  account_id uuid not null references basejump.accounts (id) on delete cascade,
  token text not null unique default basejump.generate_token(30),
  invited_by_user_id uuid not null references auth.users (id),
  account_name text,
  updated_at timestamptz,
  created_at timestamptz,
  invitation_type basejump.invitation_type not null
);
create index invitations_account_id on basejump.invitations (account_id);

-- A caller invites in the own name. Where nobody calls, as in a migration, the row says who it was.
create function basejump.trigger_set_invitation_details() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  new.invited_by_user_id := coalesce(auth.uid(), new.invited_by_user_id);
  new.account_name := (select name from basejump.accounts where id = new.account_id);
  return new;
end;
$$;

create trigger basejump_set_invitations_timestamp before insert or update on basejump.invitations
  for each row execute function basejump.trigger_set_timestamps();
create trigger basejump_trigger_set_invitation_details before insert on basejump.invitations
  for each row execute function basejump.trigger_set_invitation_details();

create table basejump.billing_customers (
  id text primary key,
  account_id uuid not null references basejump.accounts (id) on delete cascade,
  email text,
  active boolean,
  provider text
);

create table basejump.billing_subscriptions (
  id text primary key,
  account_id uuid not null references basejump.accounts (id) on delete cascade,
  billing_customer_id text not null references basejump.billing_customers (id) on delete cascade,
  status basejump.subscription_status,
  metadata jsonb,
  price_id text,
  plan_name text,
  quantity integer,
  cancel_at_period_end boolean,
  created timestamptz not null default now(),
  current_period_start timestamptz not null default now(),
  current_period_end timestamptz not null default now(),
  ended_at timestamptz default now(),
  cancel_at timestamptz default now(),
  canceled_at timestamptz default now(),
  trial_start timestamptz default now(),
  trial_end timestamptz default now(),
  provider text
);
create index billing_subscriptions_account_id on basejump.billing_subscriptions (account_id);

grant select, insert, update, delete on basejump.invitations to authenticated, service_role;
grant select on basejump.billing_customers, basejump.billing_subscriptions to authenticated;
grant select, insert, update, delete on basejump.billing_customers, basejump.billing_subscriptions to service_role;

alter table basejump.invitations enable row level security;
alter table basejump.billing_customers enable row level security;
alter table basejump.billing_subscriptions enable row level security;

create policy "Owners see invitations of the last day" on basejump.invitations for select to authenticated
  using (created_at > now() - interval '24 hours' and basejump.has_role_on_account(account_id, 'owner'));
create policy "Owners invite into teams" on basejump.invitations for insert to authenticated with check (
  basejump.is_set('enable_team_accounts')
  and basejump.has_role_on_account(account_id, 'owner')
  and exists (select from basejump.accounts as team where team.id = account_id and not team.personal_account)
);
create policy "Owners withdraw invitations" on basejump.invitations for delete to authenticated
  using (basejump.has_role_on_account(account_id, 'owner'));
create policy "Members see the customer" on basejump.billing_customers for select to authenticated
  using (basejump.has_role_on_account(account_id));
create policy "Members see subscriptions" on basejump.billing_subscriptions for select to authenticated
  using (basejump.has_role_on_account(account_id));
