"""What Alembic runs for each command: it connects to the URL of its configuration."""

from __future__ import annotations

from alembic import context
from invoicing.models import Base
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
