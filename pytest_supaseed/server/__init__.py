"""Endpoints: Postgres servers of ours or somebody else's, and the databases that we make on them."""
