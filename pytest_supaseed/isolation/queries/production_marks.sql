-- What says that a database is one of production: a table of that name, in any schema, or a setting.
select format('the table %I.%I', namespace.nspname, class.relname) as mark
from pg_catalog.pg_class as class
join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
where class.relname = 'supaseed_production' and class.relkind in ('r', 'p', 'v', 'm', 'f')
union all
select format('the setting supaseed.production, which is %L', current_setting('supaseed.production', true))
where lower(current_setting('supaseed.production', true)) in ('on', 'true', 'yes', '1')
order by mark
