"""Voice messages: written down, shown, and answered like any message."""

from collections import OrderedDict
from typing import Final

from telegram import Audio, Message, User, Voice

from bot.chat.answers import Answer, Turn
from bot.chat.limits import take
from bot.errors import HurriedError
from bot.handlers.telegram_context import Context
from bot.handlers.telegram_sender import Place
from bot.handlers.telegram_views import text_posts
from bot.pace import Deed
from bot.readable import visible
from bot.voice import Transcriber

__all__ = ["Voices"]

_MOST_BYTES: Final = 5 * 2**20
"""A minute of Telegram's own recordings has about a quarter of a megabyte."""
_CORRECTABLE: Final = 1_000


class Voices:
    """Hears voice messages, and takes corrections of what it heard."""

    def __init__(self, transcriber: Transcriber | None, most_seconds: int) -> None:
        """Make one.

        Args:
            transcriber: None where voice messages are not heard.
            most_seconds: the longest recording that is listened to.
        """
        self._transcriber = transcriber
        self._most_seconds = most_seconds
        self._heard: OrderedDict[tuple[int, int], str] = OrderedDict()

    async def hear(
        self, context: Context, place: Place, turn: Turn, user: User, message: Message
    ) -> Answer | None:
        """The answer to a recording, once what was heard is shown; None where nothing was."""
        recording = message.voice or message.audio
        texts = (await context.presenter_for(user)).texts
        if recording is None or self._transcriber is None:
            await context.sender.send(place, text_posts((texts("telegram.voice.off"),)))
            return None
        if _length(recording) > self._most_seconds or (recording.file_size or 0) > _MOST_BYTES:
            long = texts("telegram.voice.long", seconds=self._most_seconds)
            await context.sender.send(place, text_posts((long,)))
            return None
        try:
            take(context.chat.pace, turn, Deed.VOICE)
        except HurriedError as hurried:
            return context.chat.failed(hurried, texts.language)
        async with context.typing.shown(place):
            words = await self._words(context, recording, self._transcriber, turn)
            if not words:
                await context.sender.send(place, text_posts((texts("telegram.voice.unheard"),)))
                return None
            shown = (texts("telegram.voice.heard", words=visible(words)),)
            for sent in await context.sender.send(place, text_posts(shown)):
                self._keep((sent.chat.id, sent.message_id), turn.message or "")
            return await context.chat.answer(turn, words)

    def corrected(self, message: Message) -> str | None:
        """The name of the voice message of which this one corrects what was heard, if it does."""
        shown = message.reply_to_message
        return None if shown is None else self._heard.get((shown.chat.id, shown.message_id))

    async def _words(
        self, context: Context, recording: Voice | Audio, transcriber: Transcriber, turn: Turn
    ) -> str:
        file = await recording.get_file()
        # In memory only: nothing of what people say is written to disk.
        audio = bytes(await file.download_as_bytearray())
        settings = await context.chat.service.people.settings(turn.user)
        try:
            return await transcriber.transcribe(audio, settings.language or turn.language)
        except ValueError:
            return ""

    def _keep(self, shown: tuple[int, int], voice: str) -> None:
        self._heard[shown] = voice
        if len(self._heard) > _CORRECTABLE:
            self._heard.popitem(last=False)


def _length(recording: Voice | Audio) -> int:
    """In seconds."""
    told = recording.duration
    return int(told if isinstance(told, int) else told.total_seconds())
