-- What the printing of expressions depends on, set for the transaction: names come back qualified, and constants
-- (dates, intervals, floats, money, bytes, strings) look the same whatever the login, database or machine sets.
-- Compiling a query takes 200 ms, running it 2 ms: the planner cannot know how small a recursive query stays.
select
    pg_catalog.set_config('search_path', '', true),
    pg_catalog.set_config('client_encoding', 'UTF8', true),
    pg_catalog.set_config('quote_all_identifiers', 'off', true),
    pg_catalog.set_config('standard_conforming_strings', 'on', true),
    pg_catalog.set_config('timezone', 'UTC', true),
    pg_catalog.set_config('datestyle', 'ISO, YMD', true),
    pg_catalog.set_config('intervalstyle', 'postgres', true),
    pg_catalog.set_config('extra_float_digits', '1', true),
    pg_catalog.set_config('bytea_output', 'hex', true),
    pg_catalog.set_config('lc_monetary', 'C', true),
    pg_catalog.set_config('jit', 'off', true)
