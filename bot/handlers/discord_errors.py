"""What can be wrong on the way to Discord.

SetupError
├── RefusedTokenError      Discord does not know the token
└── RefusedSetupError      Discord refuses how the bot connects, or its commands
MaeumError
├── ShuttingDownError      the bot ends before the answer is ready
└── OutdatedError          a button or form of an older version, that nothing answers any more
"""

from core.errors import MaeumError, SetupError

__all__ = ["OutdatedError", "RefusedSetupError", "RefusedTokenError", "ShuttingDownError"]


class RefusedTokenError(SetupError):
    """Discord does not know the token."""

    def __init__(self) -> None:
        super().__init__(
            "Discord does not accept DISCORD_TOKEN; copy the token of the bot's page in the"
            " developer portal, or reset it there"
        )


class RefusedSetupError(SetupError):
    """Discord refuses how the bot connects, or its commands; the message says which."""


class ShuttingDownError(MaeumError):
    """The bot ends before the answer is ready."""


class OutdatedError(MaeumError):
    """A button or form of an older version, that nothing answers any more."""
