-- How many of these columns the registry's table has; none where there is no table.
select count(*)
from pg_catalog.pg_attribute as a
where a.attrelid = pg_catalog.to_regclass('public.template')
    and a.attname = any (%(columns)s)
    and not a.attisdropped
