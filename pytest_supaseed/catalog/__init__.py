"""What `pg_catalog` says of a database, as frozen values."""
