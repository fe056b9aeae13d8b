"""The exceptions of `core`; a platform turns each into one kind sentence.

MaeumError
├── EmptyMessageError      nothing in the message can be read
├── UnknownMoodError       songs were asked for before anything is known of the mood
├── InvalidCountError      a list of that many songs is not offered
├── NothingShownError      a song is meant that was not shown
├── UnknownSongError       a song is meant that is not known, or not any more
├── UnknownReadingError    a reading is corrected that is not known, or not any more
├── LinkError              the code that links two accounts cannot be used
├── ConflictError          somebody else changed the user in the meantime
├── BusyError              more waits to be read than can be read soon
├── WriterError            the language model that may write replies wrote none
├── StoreError             the database cannot be reached, or what it holds cannot be read
└── SetupError             the bot cannot start as it is set up
    ├── ModelError         the emotion model's files are missing, damaged or do not fit
    ├── CatalogueError     the song catalogue's files are missing, damaged or do not fit
    ├── DialogueError      the texts the bot says are missing, damaged or do not fit
    ├── LearnedModelError  the learned model's file is missing, damaged or does not fit
    ├── FontError          the fonts of the pictures are missing or damaged
    └── DatabaseError      the database cannot be opened, or does not fit the key or the tables
"""

__all__ = [
    "BusyError",
    "CatalogueError",
    "ConflictError",
    "DatabaseError",
    "DialogueError",
    "EmptyMessageError",
    "FontError",
    "InvalidCountError",
    "LearnedModelError",
    "LinkError",
    "MaeumError",
    "ModelError",
    "NothingShownError",
    "SetupError",
    "StoreError",
    "UnknownMoodError",
    "UnknownReadingError",
    "UnknownSongError",
    "WriterError",
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


class NothingShownError(MaeumError):
    """A song is meant by its place in the last list, and there is none.

    Attributes:
        count: songs in that list; 0 where nothing was shown yet.
    """

    def __init__(self, count: int) -> None:
        super().__init__(f"the last list has {count} songs")
        self.count = count


class UnknownSongError(MaeumError):
    """A song is meant that was shown too long ago, or that the catalogue does not have."""


class UnknownReadingError(MaeumError):
    """A reading is corrected that is too long ago, or there was none."""


class LinkError(MaeumError):
    """The code that links two accounts is not known, was used, has expired, or is one's own."""


class ConflictError(MaeumError):
    """What was read was changed by somebody else before writing; reading again helps."""


class StoreError(MaeumError):
    """The database cannot be reached, or what it holds cannot be read."""


class BusyError(MaeumError):
    """More waits to be read than can be read soon; later there is room again."""


class WriterError(MaeumError):
    """The language model that may write replies wrote none; the bank's own is said instead."""


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


class FontError(SetupError):
    """The fonts of the pictures are missing or damaged."""


class DatabaseError(SetupError):
    """The database cannot be opened, or does not fit the key or the tables."""
