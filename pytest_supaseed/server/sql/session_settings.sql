-- What a session of ours does not leave to `alter database ... set` and `alter role ... set`. The order of day and
-- month stays as it was set, since triggers may read dates by it: ISO alone says only how dates are written.
select
    pg_catalog.set_config('client_encoding', 'UTF8', false),
    pg_catalog.set_config('datestyle', 'ISO', false),
    pg_catalog.set_config('intervalstyle', 'postgres', false),
    pg_catalog.set_config('bytea_output', 'hex', false),
    pg_catalog.set_config('default_transaction_isolation', 'read committed', false),
    pg_catalog.set_config('statement_timeout', '0', false),
    pg_catalog.set_config('idle_in_transaction_session_timeout', '0', false),
    pg_catalog.set_config('idle_session_timeout', '0', false),
    -- Since Postgres 17.
    case
        when pg_catalog.current_setting('transaction_timeout', true) is not null
            then pg_catalog.set_config('transaction_timeout', '0', false)
    end
