"""The exceptions of `core`; a platform turns each into one kind sentence.

MaeumError
├── EmptyMessageError      nothing in the message can be read
├── UnknownMoodError       songs were asked for before anything is known of the mood
├── InvalidCountError      a list of that many songs is not offered
├── UnknownSongError       the catalogue does not have the song that was named
├── ConflictError          somebody else changed the user in the meantime
├── BusyError              more waits to be read than can be read soon
├── StoreError             the database cannot be reached, or what it holds cannot be read
└── SetupError             the bot cannot start as it is set up
    ├── ModelError         the emotion model's files are missing, damaged or do not fit
    ├── CatalogueError     the song catalogue's files are missing, damaged or do not fit
    ├── DialogueError      the texts the bot says are missing, damaged or do not fit
    ├── LearnedModelError  the learned model's file is missing, damaged or does not fit
    └── DatabaseError      the database cannot be opened, or does not fit the key or the tables
"""

__all__ = [
    "BusyError",
    "CatalogueError",
    "ConflictError",
    "DatabaseError",
    "DialogueError",
    "EmptyMessageError",
    "InvalidCountError",
    "LearnedModelError",
    "MaeumError",
    "ModelError",
    "SetupError",
    "StoreError",
    "UnknownMoodError",
    "UnknownSongError",
]


class MaeumError(Exception):
    """The root of all exceptions raised on purpose."""


class EmptyMessageError(MaeumError):
    """Nothing in the message can be read."""


class UnknownMoodError(MaeumError):
    """Songs were asked for before anything is known of the mood."""


class InvalidCountError(MaeumError):
    """A list of that many songs is not offered.

    Attributes:
        most: the longest list there is.
    """

    def __init__(self, most: int) -> None:
        super().__init__(f"between 1 and {most} songs can be asked for")
        self.most = most


class UnknownSongError(MaeumError):
    """The catalogue does not have the song that was named."""


class ConflictError(MaeumError):
    """What was read was changed by somebody else before writing; reading again helps."""


class StoreError(MaeumError):
    """The database cannot be reached, or what it holds cannot be read."""


class BusyError(MaeumError):
    """More waits to be read than can be read soon; later there is room again."""


class SetupError(MaeumError):
    """The bot cannot start as it is set up; the message says what to do."""


class ModelError(SetupError):
    """The emotion model's files are missing, damaged or do not fit."""


class CatalogueError(SetupError):
    """The song catalogue's files are missing, damaged or do not fit."""


class DialogueError(SetupError):
    """The texts the bot says are missing, damaged or do not fit."""


class LearnedModelError(SetupError):
    """The learned model's file is missing, damaged or does not fit."""


class DatabaseError(SetupError):
    """The database cannot be opened, or does not fit the key or the tables."""
