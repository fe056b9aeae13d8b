"""Finds messages that no reply fitted by their age, to remove them."""

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Migrate up."""
    op.create_index("ix_utterance_at", "utterance", ["at"])


def downgrade() -> None:
    """Migrate down."""
    op.drop_index("ix_utterance_at", "utterance")
