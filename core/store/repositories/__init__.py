"""The ports of `core.ports`, over SQLAlchemy."""
