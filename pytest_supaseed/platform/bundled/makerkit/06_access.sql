-- What the API roles may touch, and row level security on all of it.

revoke all on all tables in schema public from anon, authenticated, service_role;
grant select on public.config, public.roles, public.role_permissions to authenticated, service_role;
grant select, insert, update, delete on public.accounts, public.accounts_memberships, public.invitations
  to authenticated, service_role;
grant select on public.billing_customers, public.subscriptions, public.subscription_items,
  public.orders, public.order_items to authenticated;
grant select, insert, update, delete on public.billing_customers, public.subscriptions,
  public.subscription_items, public.orders, public.order_items, public.nonces to service_role;
grant select, update on public.notifications to authenticated;
grant select, insert, update, delete on public.notifications to service_role;
grant usage on all sequences in schema public to authenticated, service_role;

alter table public.config enable row level security;
alter table public.roles enable row level security;
alter table public.role_permissions enable row level security;
alter table public.accounts enable row level security;
alter table public.accounts_memberships enable row level security;
alter table public.invitations enable row level security;
alter table public.nonces enable row level security;
alter table public.billing_customers enable row level security;
alter table public.subscriptions enable row level security;
alter table public.subscription_items enable row level security;
alter table public.orders enable row level security;
alter table public.order_items enable row level security;
alter table public.notifications enable row level security;

create policy config_read on public.config for select to authenticated using (true);
create policy roles_read on public.roles for select to authenticated using (true);
create policy role_permissions_read on public.role_permissions for select to authenticated using (true);

create policy accounts_read on public.accounts for select to authenticated using (
  primary_owner_user_id = (select auth.uid())
  or public.has_role_on_account(id)
  or public.is_account_team_member(id)
);
create policy accounts_self_update on public.accounts for update to authenticated
  using (primary_owner_user_id = (select auth.uid()))
  with check (primary_owner_user_id = (select auth.uid()));
create policy create_org_account on public.accounts for insert to authenticated
  with check (public.is_set('enable_team_accounts') and not is_personal_account);
create policy delete_team_account on public.accounts for delete to authenticated
  using (primary_owner_user_id = (select auth.uid()) and not is_personal_account);

create policy accounts_memberships_read on public.accounts_memberships for select to authenticated
  using (user_id = (select auth.uid()) or public.is_team_member(account_id, user_id));
create policy accounts_memberships_update on public.accounts_memberships for update to authenticated
  using (public.can_action_account_member(account_id, user_id));
create policy accounts_memberships_delete on public.accounts_memberships for delete to authenticated
  using (user_id = (select auth.uid()) or public.can_action_account_member(account_id, user_id));

create policy invitations_read_self on public.invitations for select to authenticated
  using (public.has_role_on_account(account_id));
create policy invitations_create_self on public.invitations for insert to authenticated with check (
  public.is_set('enable_team_accounts')
  and public.has_permission((select auth.uid()), account_id, 'invites.manage')
  and (public.has_more_elevated_role((select auth.uid()), account_id, role)
    or public.has_same_role_hierarchy_level((select auth.uid()), account_id, role))
);
create policy invitations_update on public.invitations for update to authenticated using (
  public.has_permission((select auth.uid()), account_id, 'invites.manage')
  and public.has_more_elevated_role((select auth.uid()), account_id, role)
);
create policy invitations_delete on public.invitations for delete to authenticated using (
  public.has_role_on_account(account_id)
  and public.has_permission((select auth.uid()), account_id, 'invites.manage')
);

create policy billing_customers_read_self on public.billing_customers for select to authenticated
  using (account_id = (select auth.uid()) or public.has_role_on_account(account_id));
create policy subscriptions_read_self on public.subscriptions for select to authenticated using (
  (public.has_role_on_account(account_id) and public.is_set('enable_team_account_billing'))
  or (account_id = (select auth.uid()) and public.is_set('enable_account_billing'))
);
create policy subscription_items_read_self on public.subscription_items for select to authenticated
  using (exists (select from public.subscriptions as held where held.id = subscription_id));
create policy orders_read_self on public.orders for select to authenticated using (
  (public.has_role_on_account(account_id) and public.is_set('enable_team_account_billing'))
  or (account_id = (select auth.uid()) and public.is_set('enable_account_billing'))
);
create policy order_items_read_self on public.order_items for select to authenticated
  using (exists (select from public.orders as placed where placed.id = order_id));

create policy notifications_read_self on public.notifications for select to authenticated
  using (account_id = (select auth.uid()) or public.has_role_on_account(account_id));
create policy notifications_update_self on public.notifications for update to authenticated
  using (account_id = (select auth.uid()) or public.has_role_on_account(account_id));

create policy restrict_mfa_accounts on public.accounts as restrictive to authenticated
  using (public.is_mfa_compliant());
create policy restrict_mfa_accounts_memberships on public.accounts_memberships as restrictive to authenticated
  using (public.is_mfa_compliant());
create policy restrict_mfa_invitations on public.invitations as restrictive to authenticated
  using (public.is_mfa_compliant());
create policy restrict_mfa_billing_customers on public.billing_customers as restrictive to authenticated
  using (public.is_mfa_compliant());
create policy restrict_mfa_subscriptions on public.subscriptions as restrictive to authenticated
  using (public.is_mfa_compliant());
create policy restrict_mfa_orders on public.orders as restrictive to authenticated
  using (public.is_mfa_compliant());
create policy restrict_mfa_notifications on public.notifications as restrictive to authenticated
  using (public.is_mfa_compliant());

create policy super_admins_access_accounts on public.accounts for select to authenticated
  using (public.is_super_admin());
create policy super_admins_access_accounts_memberships on public.accounts_memberships for select to authenticated
  using (public.is_super_admin());
create policy super_admins_access_subscriptions on public.subscriptions for select to authenticated
  using (public.is_super_admin());
create policy super_admins_access_orders on public.orders for select to authenticated
  using (public.is_super_admin());
