-- How the owner logs in: its password's verifier, and whether its search_path is set for every database.
select
    a.rolpassword,
    exists (
        select from pg_catalog.pg_db_role_setting as s
        where s.setrole = a.oid and s.setdatabase = 0 and 'search_path="$user", public, extensions' = any(s.setconfig)
    ),
    a.rolsuper
from pg_catalog.pg_authid as a
where a.rolname = %(owner)s
