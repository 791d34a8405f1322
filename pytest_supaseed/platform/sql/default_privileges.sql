-- Default privileges of the migrator become the owner's, who makes what comes next. REASSIGN OWNED leaves them.
update pg_catalog.pg_default_acl as mine
set
    defaclrole = %(owner)s::pg_catalog.regrole,
    defaclacl = (
        select array_agg(makeaclitem(
            case item.grantee when mine.defaclrole then %(owner)s::pg_catalog.regrole else item.grantee end,
            %(owner)s::pg_catalog.regrole,
            item.privilege_type,
            item.is_grantable
        ))
        from pg_catalog.aclexplode(mine.defaclacl) as item
    )
where mine.defaclrole = %(migrator)s::pg_catalog.regrole
and not exists (
    select from pg_catalog.pg_default_acl as theirs
    where theirs.defaclrole = %(owner)s::pg_catalog.regrole
    and (theirs.defaclnamespace, theirs.defaclobjtype) = (mine.defaclnamespace, mine.defaclobjtype)
)
