-- What an application calls.

create function public.get_account_id(slug text) returns uuid language sql stable as $$
  select account.id from basejump.accounts as account where account.slug = get_account_id.slug
$$;

create function public.current_user_account_role(account_id uuid) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'account_role', held.account_role,
    'is_primary_owner', account.primary_owner_user_id = held.user_id,
    'is_personal_account', account.personal_account
  )
  from basejump.account_user as held
  join basejump.accounts as account on account.id = held.account_id
  where held.user_id = (select auth.uid()) and held.account_id = current_user_account_role.account_id
$$;

create function public.get_account(account_id uuid) returns json language sql stable as $$
  select json_build_object(
    'account_id', account.id,
    'account_role', held.account_role,
    'is_primary_owner', account.primary_owner_user_id = held.user_id,
    'name', account.name,
    'slug', account.slug,
    'personal_account', account.personal_account,
    'created_at', account.created_at,
    'updated_at', account.updated_at,
    'metadata', account.public_metadata
  )
  from basejump.accounts as account
  join basejump.account_user as held on held.account_id = account.id and held.user_id = (select auth.uid())
  where account.id = get_account.account_id
$$;

create function public.get_accounts() returns json language sql stable as $$
  select coalesce(json_agg(public.get_account(held.account_id)), '[]'::json)
  from basejump.account_user as held where held.user_id = (select auth.uid())
$$;

create function public.get_personal_account() returns json language sql stable as $$
  select public.get_account(auth.uid())
$$;

create function public.create_account(slug text default null, name text default null) returns json
language plpgsql as $$
declare
  made uuid := gen_random_uuid();
begin
  insert into basejump.accounts (id, slug, name) values (made, create_account.slug, create_account.name);
  return public.get_account(made);
end;
$$;

create function public.get_account_members(
  account_id uuid, results_limit integer default 50, results_offset integer default 0
) returns json language plpgsql stable security definer set search_path = '' as $$
begin
  if not basejump.has_role_on_account(account_id, 'owner') then
    raise exception 'Only account owners can access this function' using errcode = '42501';
  end if;
  return (
    select json_agg(member) from (
      select held.user_id, held.account_role, personal.name, person.email,
        account.primary_owner_user_id = held.user_id as is_primary_owner
      from basejump.account_user as held
      join basejump.accounts as account on account.id = held.account_id
      join basejump.accounts as personal on personal.id = held.user_id
      join auth.users as person on person.id = held.user_id
      where held.account_id = get_account_members.account_id
      order by personal.name, held.user_id
      limit results_limit offset results_offset
    ) as member
  );
end;
$$;

create function public.remove_account_member(account_id uuid, user_id uuid) returns void language sql as $$
  delete from basejump.account_user as held
  where held.account_id = remove_account_member.account_id and held.user_id = remove_account_member.user_id
$$;

create function public.create_invitation(
  account_id uuid, account_role basejump.account_role, invitation_type basejump.invitation_type
) returns json language sql as $$
  insert into basejump.invitations (account_id, account_role, invitation_type, invited_by_user_id)
  values (account_id, account_role, invitation_type, auth.uid())
  returning json_build_object('token', token)
$$;

create function public.accept_invitation(lookup_invitation_token text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  asked basejump.invitations;
begin
  select * into asked from basejump.invitations
  where token = lookup_invitation_token and created_at > now() - interval '24 hours'
  for update;
  if asked.id is null then
    raise exception 'Invitation not found' using errcode = 'P0002';
  end if;
  insert into basejump.account_user (user_id, account_id, account_role)
  values (auth.uid(), asked.account_id, asked.account_role);
  if asked.invitation_type = 'one_time' then
    delete from basejump.invitations where id = asked.id;
  end if;
  return (
    select jsonb_build_object('account_id', id, 'account_role', asked.account_role, 'slug', slug)
    from basejump.accounts where id = asked.account_id
  );
end;
$$;

grant execute on function
  public.get_account_id(text),
  public.current_user_account_role(uuid),
  public.get_account(uuid),
  public.get_accounts(),
  public.get_personal_account(),
  public.create_account(text, text),
  public.get_account_members(uuid, integer, integer),
  public.remove_account_member(uuid, uuid),
  public.create_invitation(uuid, basejump.account_role, basejump.invitation_type),
  public.accept_invitation(text)
to authenticated, service_role;
