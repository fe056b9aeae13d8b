"""Brings the tables of a database up to date, with Alembic's migrations.

Alembic is imported only where there is something to do: a start with an up-to-date database
does not wait for it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, inspect, text

from core.errors import DatabaseError
from core.store.tables import Base

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = ["HEAD", "differences", "downgrade", "revision", "upgrade"]

HEAD: Final = "0006"
"""The newest migration; a test holds it to what Alembic finds."""

_FOLDER: Final = Path(__file__).parent / "migrations"


def revision(connection: Connection) -> str | None:
    """The migration the database stands at; None for one without our tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def upgrade(connection: Connection, target: str = HEAD) -> None:
    """Migrate up to `target`, inside the connection's transaction.

    Raises:
        DatabaseError: the database was migrated by a newer version of the bot.
    """
    if revision(connection) == target:
        return
    _refuse_unknown(connection)
    from alembic import command  # noqa: PLC0415 - see the head of this module

    command.upgrade(_config(connection), target)


def downgrade(connection: Connection, target: str) -> None:
    """Migrate down to `target`, "base" for no tables at all, inside the transaction.

    Raises:
        DatabaseError: the database was migrated by a newer version of the bot.
    """
    _refuse_unknown(connection)
    from alembic import command  # noqa: PLC0415

    command.downgrade(_config(connection), target)


def differences(connection: Connection) -> list[Any]:
    """What Alembic would change so that the database agrees with the tables; empty if nothing."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found: list[Any] = compare_metadata(context, Base.metadata)
    return found


def _refuse_unknown(connection: Connection) -> None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    found = revision(connection)
    known = {
        script.revision
        for script in ScriptDirectory.from_config(_config(connection)).walk_revisions()
    }
    if found is not None and found not in known:
        raise DatabaseError(
            f"the database is of version {found}, which this version of the bot does not know: "
            "please update the bot"
        )


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config
