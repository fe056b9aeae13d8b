"""Keeps with each song shown which others could have stood in its place."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Migrate up; of earlier songs it is not known."""
    with op.batch_alter_table("impression") as table:
        table.add_column(sa.Column("choices", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Migrate down."""
    # In place: SQLite would drop a table made anew, and all that refers to its rows.
    with op.batch_alter_table("impression", recreate="never") as table:
        table.drop_column("choices")
