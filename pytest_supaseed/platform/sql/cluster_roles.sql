-- What roles the cluster has, in one row: roles.Cluster.
select
    current_user::text as login,
    (
        select jsonb_object_agg(r.rolname, array_remove(array[
            case when r.rolsuper then 'superuser' end,
            case when r.rolcanlogin then 'login' end,
            case when r.rolcreatedb then 'createdb' end,
            case when r.rolcreaterole then 'createrole' end,
            case when r.rolbypassrls then 'bypassrls' end,
            case when r.rolreplication then 'replication' end,
            case when not r.rolinherit then 'noinherit' end
        ], null))
        from pg_catalog.pg_roles as r
    ) as attributes,
    (
        -- set_option came with Postgres 16, hence the way around by JSON.
        select coalesce(jsonb_agg(jsonb_build_array(granted.rolname, member.rolname)), '[]')
        from pg_catalog.pg_auth_members as m
        join pg_catalog.pg_roles as granted on granted.oid = m.roleid
        join pg_catalog.pg_roles as member on member.oid = m.member
        where coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)
    ) as usable,
    (
        select coalesce(jsonb_agg(jsonb_build_array(granted.rolname, member.rolname)), '[]')
        from pg_catalog.pg_auth_members as m
        join pg_catalog.pg_roles as granted on granted.oid = m.roleid
        join pg_catalog.pg_roles as member on member.oid = m.member
        where m.admin_option
    ) as administered
