"""Dispatch: a queue of deliveries in Postgres. Plain asyncpg, no ORM."""
