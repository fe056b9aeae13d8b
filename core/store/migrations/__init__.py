"""The history of the tables; `core.store.schema` runs it, `scripts/migrate.py` too."""
