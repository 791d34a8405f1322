"""A customer has a given and a family name in place of a full one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Split at the last space; a name of one word is a family name."""
    op.add_column("customers", sa.Column("given_name", sa.String(120), nullable=False, server_default=""))
    op.add_column("customers", sa.Column("family_name", sa.String(120)))
    op.execute(
        r"""
        update customers set
          given_name = coalesce(substring(full_name from '^(.*) [^ ]+$'), ''),
          family_name = substring(full_name from '[^ ]*$')
        """
    )
    op.alter_column("customers", "family_name", nullable=False)
    op.drop_column("customers", "full_name")


def downgrade() -> None:
    """Join them again."""
    op.add_column("customers", sa.Column("full_name", sa.String(120)))
    op.execute("update customers set full_name = ltrim(given_name || ' ' || family_name)")
    op.alter_column("customers", "full_name", nullable=False)
    op.drop_column("customers", "family_name")
    op.drop_column("customers", "given_name")
