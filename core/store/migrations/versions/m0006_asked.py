"""Keeps with each song shown what its list was asked for by."""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Migrate up; of earlier lists it is not known."""
    with op.batch_alter_table("impression") as table:
        table.add_column(sa.Column("asked", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Migrate down."""
    # In place: SQLite would drop a table made anew, and all that refers to its rows.
    with op.batch_alter_table("impression", recreate="never") as table:
        table.drop_column("asked")
