-- What `create extension` would find, whether its default version may be created without being a superuser,
-- and the comment of its control file.
select a.name::text, v.trusted or not v.superuser, coalesce(a.comment, '')
from pg_catalog.pg_available_extensions as a
join pg_catalog.pg_available_extension_versions as v on v.name = a.name and v.version = a.default_version
