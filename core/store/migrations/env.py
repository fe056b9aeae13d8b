"""Run by Alembic for every command; the connection comes from `core.store.schema`."""

from alembic import context

from core.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    # The caller has begun the transaction, on SQLite too, and ends it.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
