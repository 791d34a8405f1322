-- Who may see and do what: helper functions, then row level security.

create function public.has_role_on_account(account_id uuid, account_role varchar(50) default null)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select 1
    from public.accounts_memberships as membership
    where membership.user_id = (select auth.uid())
      and membership.account_id = has_role_on_account.account_id
      and (has_role_on_account.account_role is null
           or membership.account_role = has_role_on_account.account_role)
  );
$$;

create function public.is_team_member(account_id uuid, user_id uuid)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select 1
    from public.accounts_memberships as membership
    where membership.user_id = is_team_member.user_id
      and membership.account_id = is_team_member.account_id
  );
$$;

create function public.is_account_owner(account_id uuid)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select 1
    from public.accounts as account
    where account.id = is_account_owner.account_id
      and account.primary_owner_user_id = (select auth.uid())
  );
$$;

create function public.has_permission(user_id uuid, account_id uuid, permission public.app_permissions)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select 1
    from public.accounts_memberships as membership
    join public.role_permissions as granted on granted.role = membership.account_role
    where membership.user_id = has_permission.user_id
      and membership.account_id = has_permission.account_id
      and granted.permission = has_permission.permission
  );
$$;

create function public.has_more_elevated_role(user_id uuid, account_id uuid, role_name varchar(50))
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select 1
    from public.accounts_memberships as membership
    join public.roles as held on held.name = membership.account_role
    join public.roles as asked on asked.name = has_more_elevated_role.role_name
    where membership.user_id = has_more_elevated_role.user_id
      and membership.account_id = has_more_elevated_role.account_id
      and held.hierarchy_level < asked.hierarchy_level
  );
$$;

revoke execute on function
  public.has_role_on_account(uuid, varchar),
  public.is_team_member(uuid, uuid),
  public.is_account_owner(uuid),
  public.has_permission(uuid, uuid, public.app_permissions),
  public.has_more_elevated_role(uuid, uuid, varchar)
from public, anon;

grant execute on function
  public.has_role_on_account(uuid, varchar),
  public.is_team_member(uuid, uuid),
  public.is_account_owner(uuid),
  public.has_permission(uuid, uuid, public.app_permissions),
  public.has_more_elevated_role(uuid, uuid, varchar)
to authenticated, service_role;

-- A signed-in person makes a team and is its owner, in one step.
create function public.create_team_account(account_name text)
returns public.accounts language plpgsql security definer set search_path = '' as $$
declare
  team public.accounts;
begin
  if not (select enable_team_accounts from public.config) then
    raise exception 'Teams are switched off' using errcode = '42501';
  end if;
  insert into public.accounts (name, primary_owner_user_id, is_personal_account)
  values (account_name, (select auth.uid()), false)
  returning * into team;
  insert into public.accounts_memberships (user_id, account_id, account_role)
  values (team.primary_owner_user_id, team.id, 'owner');
  return team;
end;
$$;

revoke execute on function public.create_team_account(text) from public, anon;
grant execute on function public.create_team_account(text) to authenticated, service_role;

-- Tables --------------------------------------------------------------------------------------------------

grant select on public.config, public.roles, public.role_permissions to authenticated;
grant select, update, delete on public.accounts to authenticated;
grant select, update, delete on public.accounts_memberships to authenticated;
grant select, insert, update, delete on public.invitations to authenticated;
grant usage on sequence public.invitations_id_seq to authenticated;

alter table public.config enable row level security;
alter table public.roles enable row level security;
alter table public.role_permissions enable row level security;
alter table public.accounts enable row level security;
alter table public.accounts_memberships enable row level security;
alter table public.invitations enable row level security;

create policy config_read on public.config for select to authenticated using (true);
create policy roles_read on public.roles for select to authenticated using (true);
create policy role_permissions_read on public.role_permissions for select to authenticated using (true);

create policy accounts_read on public.accounts for select to authenticated
using (primary_owner_user_id = (select auth.uid()) or public.has_role_on_account(id));

create policy accounts_update on public.accounts for update to authenticated
using (
  primary_owner_user_id = (select auth.uid())
  or public.has_permission((select auth.uid()), id, 'settings.manage')
);

create policy accounts_delete on public.accounts for delete to authenticated
using (not is_personal_account and primary_owner_user_id = (select auth.uid()));

create policy memberships_read on public.accounts_memberships for select to authenticated
using (user_id = (select auth.uid()) or public.has_role_on_account(account_id));

create policy memberships_update on public.accounts_memberships for update to authenticated
using (
  public.has_permission((select auth.uid()), account_id, 'members.manage')
  and public.has_more_elevated_role((select auth.uid()), account_id, account_role)
);

create policy memberships_delete on public.accounts_memberships for delete to authenticated
using (
  user_id = (select auth.uid())
  or (public.has_permission((select auth.uid()), account_id, 'members.manage')
      and public.has_more_elevated_role((select auth.uid()), account_id, account_role))
);

create policy invitations_read on public.invitations for select to authenticated
using (public.has_role_on_account(account_id));

create policy invitations_insert on public.invitations for insert to authenticated
with check (
  invited_by = (select auth.uid())
  and public.has_permission((select auth.uid()), account_id, 'invites.manage')
);

create policy invitations_update on public.invitations for update to authenticated
using (public.has_permission((select auth.uid()), account_id, 'invites.manage'));

create policy invitations_delete on public.invitations for delete to authenticated
using (public.has_permission((select auth.uid()), account_id, 'invites.manage'));
