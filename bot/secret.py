"""A value that is not to be seen in logs."""

__all__ = ["Secret"]


class Secret:
    """A value that is not printed by accident: `reveal` is the only way to it."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"

    def __str__(self) -> str:
        return "**********"
