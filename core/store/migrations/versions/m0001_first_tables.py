"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: None = None
depends_on: None = None

_SEALED = sa.LargeBinary()
_TIME = sa.DateTime(timezone=True)
_ID = sa.String(32)
_WORD = sa.String(64)


def upgrade() -> None:
    """Migrate up."""
    _people()
    _moods_and_words()
    _songs()
    _upkeep()


def downgrade() -> None:
    """Migrate down: nothing is left."""
    for table in (
        *("post", "feedback", "impression", "utterance", "consent", "mood_point", "link_code"),
        *("account", "person", "delivery", "lease", "setting"),
    ):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "person",
        _column("id", _ID),
        sa.Column("state", _SEALED),
        _column("shown", sa.JSON()),
        _column("said", sa.JSON()),
        _column("settings", sa.JSON()),
        _column("version", sa.Integer()),
        _key("person", "id"),
    )
    op.create_table(
        "account",
        _column("key_hash", sa.LargeBinary()),
        _column("platform", _WORD),
        _column("platform_id", _SEALED),
        *_owner("account"),
        _key("account", "key_hash"),
    )
    op.create_index("ix_account_person", "account", ["person"])
    op.create_table(
        "link_code",
        _column("code_hash", sa.LargeBinary()),
        _column("expires_at", _TIME),
        *_owner("link_code"),
        _key("link_code", "code_hash"),
    )
    op.create_index("ix_link_code_person", "link_code", ["person"])


def _moods_and_words() -> None:
    op.create_table(
        "mood_point",
        _counter(),
        _column("at", _TIME),
        _column("mood", _SEALED),
        *_owner("mood_point"),
        _key("mood_point", "id"),
    )
    op.create_index("ix_mood_point_person", "mood_point", ["person", "at"])
    op.create_table(
        "consent",
        _counter(),
        _column("kind", _WORD),
        _column("given", sa.Boolean()),
        _column("at", _TIME),
        _column("text_version", _WORD),
        *_owner("consent"),
        _key("consent", "id"),
    )
    op.create_index("ix_consent_person", "consent", ["person", "kind", "at"])
    op.create_table(
        "utterance",
        _counter(),
        _column("text", _SEALED),
        _column("at", _TIME),
        *_owner("utterance"),
        _key("utterance", "id"),
    )
    op.create_index("ix_utterance_person", "utterance", ["person", "at"])


def _songs() -> None:
    _impressions()
    op.create_table(
        "post",
        _column("key_hash", sa.LargeBinary()),
        *_reference("post", "impression", "CASCADE", nullable=False),
        _key("post", "key_hash"),
    )
    op.create_index("ix_post_impression", "post", ["impression"])
    op.create_table(
        "feedback",
        _column("key_hash", sa.LargeBinary()),
        *_reference("feedback", "impression", "SET NULL", nullable=True),
        _column("song_id", sa.Text()),
        _column("artist", sa.Text()),
        _column("mode", _WORD),
        _column("verdict", _WORD),
        _column("at", _TIME),
        *_owner("feedback"),
        _key("feedback", "key_hash"),
    )
    op.create_index("ix_feedback_person", "feedback", ["person", "song_id", "mode", "at"])
    op.create_index("ix_feedback_impression", "feedback", ["impression"])
    op.create_index("ix_feedback_at", "feedback", ["at"])


def _impressions() -> None:
    op.create_table(
        "impression",
        _column("id", _ID),
        _column("slate", _ID),
        _column("song_id", sa.Text()),
        _column("artist", sa.Text()),
        _column("rank", sa.Integer()),
        _column("score", _SEALED),
        _column("parts", _SEALED),
        _column("propensity", sa.Float(53)),
        _column("mood", _SEALED),
        _column("mode", _WORD),
        _column("model_version", _WORD),
        _column("catalogue_version", _WORD),
        _column("shown_at", _TIME),
        *_owner("impression"),
        _key("impression", "id"),
    )
    op.create_index("ix_impression_slate", "impression", ["slate", "rank"], unique=True)
    op.create_index("ix_impression_person", "impression", ["person", "shown_at"])


def _upkeep() -> None:
    op.create_table(
        "delivery",
        _column("key_hash", sa.LargeBinary()),
        _column("at", _TIME),
        _key("delivery", "key_hash"),
    )
    op.create_index("ix_delivery_at", "delivery", ["at"])
    op.create_table(
        "lease",
        _column("name", _WORD),
        _column("holder", _WORD),
        _column("until", _TIME),
        _key("lease", "name"),
    )
    op.create_table(
        "setting",
        _column("name", _WORD),
        _column("value", _SEALED),
        _key("setting", "name"),
    )


def _column(name: str, type_: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False)


def _counter() -> sa.Column[Any]:
    # SQLite numbers rows by itself only where the type is its own INTEGER.
    return _column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"))


def _key(table: str, column: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=f"pk_{table}")


def _owner(table: str) -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    return _reference(table, "person", "CASCADE", nullable=False)


def _reference(
    table: str, other: str, ondelete: str, *, nullable: bool
) -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    """A column that holds the id of a row of `other`."""
    return (
        sa.Column(other, _ID, nullable=nullable),
        sa.ForeignKeyConstraint(
            [other], [f"{other}.id"], name=f"fk_{table}_{other}", ondelete=ondelete
        ),
    )
