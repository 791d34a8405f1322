-- What a backend does when it ends, done before that; whether nothing is left to be done then.
-- It would drop its temporary tables, and so write to the system's own.
select pg_catalog.pg_my_temp_schema() = 0
from pg_catalog.pg_advisory_unlock_all(), pg_catalog.pg_stat_force_next_flush()
