-- Questions that policies and the application ask. All but the first look at memberships as the schema's owner,
-- so that a policy on memberships can ask them without asking itself.

create function public.is_set(field_name text) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  answer boolean;
begin
  execute format('select %I from public.config limit 1', field_name) into answer;
  return answer;
end;
$$;

create function public.has_role_on_account(account_id uuid, account_role varchar(50) default null)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.accounts_memberships as held
    where held.user_id = (select auth.uid())
      and held.account_id = has_role_on_account.account_id
      and held.account_role = coalesce(has_role_on_account.account_role, held.account_role)
  )
$$;

create function public.is_team_member(account_id uuid, user_id uuid)
returns boolean language sql stable security definer set search_path = '' as $$
  select public.has_role_on_account(is_team_member.account_id) and exists (
    select from public.accounts_memberships as held
    where held.account_id = is_team_member.account_id and held.user_id = is_team_member.user_id
  )
$$;

create function public.is_account_team_member(target_account_id uuid)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.accounts_memberships as mine
    join public.accounts_memberships as theirs on theirs.account_id = mine.account_id
    where mine.user_id = (select auth.uid()) and theirs.user_id = is_account_team_member.target_account_id
  )
$$;
comment on function public.is_account_team_member(uuid) is 'Whether the caller shares a team with that person';

create function public.is_account_owner(account_id uuid)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.accounts as account
    where account.id = is_account_owner.account_id
      and account.primary_owner_user_id = (select auth.uid())
  )
$$;

create function public.has_permission(user_id uuid, account_id uuid, permission_name public.app_permissions)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.accounts_memberships as held
    join public.role_permissions as allowed on allowed.role = held.account_role
    where held.user_id = has_permission.user_id
      and held.account_id = has_permission.account_id
      and allowed.permission = has_permission.permission_name
  )
$$;

-- How high a person stands in a team; NULL for who is not in it, 0 for the primary owner.
create function kit.level_on_account(user_id uuid, account_id uuid)
returns integer language sql stable security definer set search_path = '' as $$
  select case when account.primary_owner_user_id = held.user_id then 0 else role.hierarchy_level end
  from public.accounts_memberships as held
  join public.roles as role on role.name = held.account_role
  join public.accounts as account on account.id = held.account_id
  where held.user_id = level_on_account.user_id and held.account_id = level_on_account.account_id
$$;

create function public.has_more_elevated_role(target_user_id uuid, target_account_id uuid, role_name varchar(50))
returns boolean language sql stable security definer set search_path = '' as $$
  select coalesce(kit.level_on_account(target_user_id, target_account_id) < role.hierarchy_level, false)
  from public.roles as role where role.name = role_name
$$;

create function public.has_same_role_hierarchy_level(
  target_user_id uuid, target_account_id uuid, role_name varchar(50)
) returns boolean language sql stable security definer set search_path = '' as $$
  select coalesce(kit.level_on_account(target_user_id, target_account_id) = role.hierarchy_level, false)
  from public.roles as role where role.name = role_name
$$;

create function public.can_action_account_member(target_team_account_id uuid, target_user_id uuid)
returns boolean language sql stable security definer set search_path = '' as $$
  select coalesce(
    public.has_permission((select auth.uid()), target_team_account_id, 'members.manage')
    and target_user_id <> (select auth.uid())
    and kit.level_on_account((select auth.uid()), target_team_account_id)
      < kit.level_on_account(target_user_id, target_team_account_id),
    false
  )
$$;

create function public.has_active_subscription(target_account_id uuid)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.subscriptions as held where held.account_id = target_account_id and held.active
  )
$$;

create function public.is_aal2() returns boolean
language sql stable set search_path = '' as $$
  select coalesce((select auth.jwt()) ->> 'aal' = 'aal2', false)
$$;

create function public.is_super_admin() returns boolean
language sql stable set search_path = '' as $$
  select public.is_aal2()
    and coalesce((select auth.jwt()) -> 'app_metadata' ->> 'role' = 'super-admin', false)
$$;

-- Who has a second factor must have used it; a token that says nothing of its level is not trusted.
create function public.is_mfa_compliant() returns boolean
language sql stable security definer set search_path = '' as $$
  select coalesce((select auth.jwt()) ->> 'aal' = any (
    case when exists (
      select from auth.mfa_factors as factor
      where factor.user_id = (select auth.uid()) and factor.status = 'verified'
    ) then array['aal2'] else array['aal1', 'aal2'] end
  ), false)
$$;

grant execute on all functions in schema public to authenticated, service_role;
grant execute on function kit.slugify(text), kit.level_on_account(uuid, uuid) to authenticated, service_role;
