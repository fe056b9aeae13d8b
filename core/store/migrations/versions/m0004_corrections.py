"""Keeps readings that were corrected, and by which reading a mood of the past came about."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Migrate up; of earlier moods the reading is not known."""
    op.create_table(
        "correction",
        sa.Column("reading", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", sa.LargeBinary(), nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        sa.Column("chosen", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["person.id"], name="fk_correction_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reading", name="pk_correction"),
    )
    op.create_index("ix_correction_person", "correction", ["person", "at"])
    with op.batch_alter_table("mood_point") as table:
        table.add_column(sa.Column("reading", sa.String(32), nullable=True))


def downgrade() -> None:
    """Migrate down."""
    with op.batch_alter_table("mood_point", recreate="never") as table:
        table.drop_column("reading")
    op.drop_table("correction")
