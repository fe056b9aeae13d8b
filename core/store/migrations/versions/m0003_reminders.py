"""Keeps when people want to be asked how it goes."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: None = None
depends_on: None = None

_WORD = sa.String(64)


def upgrade() -> None:
    """Migrate up."""
    op.create_table(
        "reminder",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("account_hash", sa.LargeBinary(), nullable=False),
        sa.Column("platform", _WORD, nullable=False),
        sa.Column("rhythm", _WORD, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("zone", _WORD, nullable=False),
        sa.Column("language", _WORD, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.ForeignKeyConstraint(
            ["person"], ["person.id"], name="fk_reminder_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_hash"],
            ["account.key_hash"],
            name="fk_reminder_account_hash",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_reminder_person", "reminder", ["person", "rhythm"], unique=True)
    op.create_index("ix_reminder_account_hash", "reminder", ["account_hash"])
    op.create_index("ix_reminder_platform", "reminder", ["platform", "next_at"])


def downgrade() -> None:
    """Migrate down: nobody is asked any more."""
    op.drop_table("reminder")
