"""What the bot does for a message, a command or a button, on any platform."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.chat import people, pictures, songs
from bot.chat.actions import Action
from bot.chat.answers import Answer, AnswerKind, Turn
from bot.chat.commands import Command, Request, parse
from bot.chat.desk import Desk
from bot.chat.presses import ground, press
from bot.errors import TooLongError
from bot.faults import places
from bot.presentation import Presenter, error_code
from core.charts.painter import Painter
from core.errors import MaeumError, StoreError
from core.models import AccountSettings, Language, Message, ReplyKind, Theme, UserKey
from core.recommend.requests import SongRequest
from core.records import Verdict
from core.service.maeum import MaeumService

__all__ = ["HELP_ENTRIES", "MAX_CHARACTERS", "Chat"]

_log = logging.getLogger(__name__)

MAX_CHARACTERS: Final = 20_000
"""In one message; some ten pages are more than one mood."""

HELP_ENTRIES: Final = (
    Command.SONGS,
    Command.LIKE_SONG,
    Command.DIARY,
    Command.MOOD,
    Command.LIKE,
    Command.DISLIKE,
    Command.UNVOTE,
    Command.NEVER,
    Command.WHY,
    Command.HISTORY,
    Command.WEEK,
    Command.TASTE,
    Command.GROUNDING,
    Command.SETTINGS,
    Command.CONSENT,
    Command.PRIVACY,
    Command.EXPORT,
    Command.FORGET,
    Command.LINK,
    Command.HELP,
)
"""The commands /help explains, in this order."""

_Handler = Callable[[Desk, Request], Awaitable[Answer]]


class Chat:
    """Answers people. There always is an answer."""

    def __init__(
        self,
        service: MaeumService,
        presenters: Mapping[Language, Presenter],
        time_zone: str,
        entries: tuple[Command, ...] = HELP_ENTRIES,
        painter: Painter | None = None,
    ) -> None:
        """Start to listen.

        Args:
            service: the use cases.
            presenters: one for each language.
            time_zone: an IANA name, of people who did not choose one.
            entries: the commands that /help explains.
            painter: draws moods; None for no pictures.
        """
        self._entries = entries
        self._painter = painter
        self.service = service
        self.presenters = presenters
        self._time_zone = time_zone
        self._handlers: Mapping[Command, _Handler] = {
            Command.TALK: _talk,
            Command.SONGS: songs.recommend,
            Command.LIKE_SONG: songs.like_song,
            Command.DIARY: songs.diary,
            Command.MOOD: _mood,
            Command.LIKE: songs.vote(Verdict.UP),
            Command.DISLIKE: songs.vote(Verdict.DOWN),
            Command.UNVOTE: songs.vote(Verdict.RETRACTED),
            Command.NEVER: songs.never,
            Command.WHY: songs.why,
            Command.HISTORY: people.history,
            Command.WEEK: pictures.week,
            Command.TASTE: people.taste,
            Command.SETTINGS: people.settings,
            Command.CONSENT: people.consent,
            Command.GROUNDING: _grounding,
            Command.PRIVACY: people.privacy,
            Command.EXPORT: people.export,
            Command.FORGET: people.forget,
            Command.LINK: people.link,
            Command.HELP: self._help,
            Command.ABOUT: _about,
            Command.QUIT: _quit,
        }

    async def answer(self, turn: Turn, text: str) -> Answer:
        """The answer to what a person wrote."""

        async def read(desk: Desk) -> Answer:
            request = await self._parsed(turn, text)
            try:
                return await self._handlers[request.command](desk, request)
            except StoreError:
                raise
            except MaeumError:
                if request.command is not Command.TALK and await self._dangerous(text):
                    return await _talk(desk, Request(Command.TALK, text))
                raise

        return await self._guarded(turn, read)

    async def run(self, turn: Turn, request: Request) -> Answer:
        """The answer to a command whose words the platform has taken apart."""

        async def act(desk: Desk) -> Answer:
            if request.command is not Command.TALK and await self._dangerous(request.text):
                return await _talk(desk, Request(Command.TALK, request.text))
            return await self._handlers[request.command](desk, request)

        return await self._guarded(turn, act)

    async def press(self, turn: Turn, carried: str) -> Answer:
        """The answer to a button.

        Args:
            turn: whose `key` is that of the press.
            carried: the text of the button's `Action`.
        """
        return await self._guarded(turn, lambda desk: press(desk, Action.parse(carried)))

    async def reread(self, turn: Turn, message: str, text: str) -> Answer | None:
        """What is said to an edited message: nothing, but for danger in what it says now."""

        async def again(desk: Desk) -> Answer:
            reply = await self.service.conversation.reread(
                turn.user, Message(text, message), now=turn.now, language=desk.language
            )
            kind = AnswerKind.CRISIS if reply and reply.crisis else AnswerKind.MOOD
            text_ = desk.presenter.paragraphs(reply) if reply else ()
            return desk.answer(kind, text_, reply=reply)

        answer = await self._guarded(turn, again)
        return answer if answer.kind is AnswerKind.CRISIS else None

    def failed(self, error: Exception, language: Language) -> Answer:
        """What is said when something went wrong."""
        if not isinstance(error, MaeumError):
            _log.error("%s", places(error))
        elif isinstance(error, StoreError):
            _log.error("the store failed: %s", type(error.__cause__ or error).__name__)
        return Answer(
            AnswerKind.ERROR,
            (self.presenters[language].error(error),),
            error=error_code(error),
            language=language,
        )

    async def _guarded(self, turn: Turn, act: Callable[[Desk], Awaitable[Answer]]) -> Answer:
        language = turn.language
        try:
            settings = await self._settings(turn.user)
            language = settings.language or language
            presenter = self.presenters[language]
            zone = settings.time_zone or self._time_zone
            theme = settings.theme or Theme.LIGHT
            return await act(
                Desk(self.service, presenter, self.presenters, turn, zone, theme, self._painter)
            )
        except Exception as error:  # noqa: BLE001 - a fault of ours ends one answer, not the talk
            return self.failed(error, language)

    async def _settings(self, user: UserKey) -> AccountSettings:
        """The person's; the usual ones where the store is away, for danger is answered even so."""
        try:
            return await self.service.people.settings(user)
        except StoreError as error:
            _log.error("the store failed: %s", type(error.__cause__ or error).__name__)
            return AccountSettings()

    async def _dangerous(self, text: str) -> bool:
        return bool(text) and await self.service.conversation.hears_danger(text)

    async def _help(self, desk: Desk, _request: Request) -> Answer:
        texts = desk.texts
        entries = (
            f"{texts(f'help.{name}.usage')}: {texts(f'help.{name}.text')}" for name in self._entries
        )
        text = (texts("help.intro"), "\n".join(entries), texts("help.outro"), texts("about.ai"))
        return desk.answer(AnswerKind.HELP, text, reply=await desk.state(), explains=self._entries)

    async def _parsed(self, turn: Turn, text: str) -> Request:
        try:
            if len(text) > MAX_CHARACTERS:
                raise TooLongError(f"a message of more than {MAX_CHARACTERS} characters")
            request = parse(text)
            if request.asked and await self._is_talk(turn, request.asked, text):
                return Request(Command.TALK, text, count=request.count)
            return request
        except MaeumError:
            # "/노래 죽고 싶어" is no command, and a hint on usage no answer to it; the same goes
            # for a text that is too long.
            beginning = text[:MAX_CHARACTERS]
            if await self._dangerous(beginning):
                return Request(Command.TALK, text=beginning)
            raise

    async def _is_talk(self, turn: Turn, asked: SongRequest, text: str) -> bool:
        """Whether what looks like asking for songs is met as talk.

        So it is where no artist has such a name, and where danger is heard in it or was lately.
        """
        if self.service.asking.resolve(asked) is None:
            return True
        if asked.told and self.service.songs.gentle_only(turn.user, turn.now):
            return True
        # In "livelier" there is no word of the person's own.
        return asked.refinement is None and await self._dangerous(text)


async def _talk(desk: Desk, request: Request) -> Answer:
    turn = desk.turn
    reply = await desk.service.conversation.respond(
        turn.user,
        Message(request.text, turn.message, turn.key),
        now=turn.now,
        generator=turn.generator,
        language=desk.language,
    )
    text = desk.presenter.paragraphs(reply)
    if reply.kind in {ReplyKind.CRISIS, ReplyKind.CARE}:
        if reply.gentle:
            return await songs.recommend_gently(desk, text, request.count)
        return songs.cared(desk, reply, text)
    if not reply.offer:
        return desk.answer(AnswerKind.TALK, text, reply=reply)
    offer = str(turn.generator.choice(desk.texts.variants("songs.offer")))
    text = (*text, desk.texts(offer))
    return desk.answer(AnswerKind.TALK, text, reply=reply, buttons=songs.offer_rows(desk))


async def _grounding(desk: Desk, _request: Request) -> Answer:
    return await ground(desk)


async def _mood(desk: Desk, _request: Request) -> Answer:
    reply = await desk.state()
    return desk.answer(
        AnswerKind.MOOD,
        desk.presenter.paragraphs(reply),
        reply=reply,
        picture=await pictures.mood_picture(desk, reply.mood),
        personal=True,
    )


async def _about(desk: Desk, _request: Request) -> Answer:
    text = (desk.texts("about.hello"), desk.texts("about.ai"))
    return desk.answer(AnswerKind.HELP, text, reply=await desk.state())


async def _quit(desk: Desk, _request: Request) -> Answer:
    return replace(
        desk.answer(AnswerKind.QUIT, (desk.texts("console.goodbye"),)), reply=await desk.state()
    )
