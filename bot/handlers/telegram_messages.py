"""What people write: talk, commands, and what they change of it later."""

from dataclasses import replace
from typing import Final

from telegram import Message, Update, User
from telegram.error import BadRequest, Forbidden

from bot.chat.actions import Action
from bot.chat.answers import Answer, AnswerKind, Button, Rows, Turn
from bot.chat.commands import COMMAND_NAMES, Command, Request, parse
from bot.handlers.telegram_address import Heard, heard
from bot.handlers.telegram_claims import is_claim
from bot.handlers.telegram_context import Context
from bot.handlers.telegram_links import PERSONAL, crisis_payload, deep_link, request_payload
from bot.handlers.telegram_sender import Place
from bot.handlers.telegram_start import start
from bot.handlers.telegram_views import text_posts
from bot.pace import Deed
from bot.presentation import Presenter
from core.errors import MaeumError
from core.models import Language

__all__ = ["on_edited_message", "on_message"]

_START: Final = frozenset({"start", "시작"})
_LANGUAGE: Final = frozenset({"language", "언어"})
_OWN: Final = _START | _LANGUAGE
_URGENT: Final = frozenset({AnswerKind.CRISIS, AnswerKind.CARE})
"""Personal answers that do not wait until the person comes to the private chat."""
_LINKED: Final = frozenset({AnswerKind.CORRECT, AnswerKind.MOOD})
"""Personal answers to plain words, which come again in the private chat by their command."""
_KNOWN: Final = _OWN.union(*COMMAND_NAMES.values())


async def on_message(context: Context, update: Update) -> None:
    """Answer a message that is meant for the bot."""
    message = update.message
    user = _author(message)
    if message is None or user is None:
        return
    said = heard(message, bot_id=context.bot.id, bot_name=context.bot.username)
    place = Place.of(message)
    if said is None:
        await _wordless(context, place, user, message)
        return
    if said.command and not said.named and said.command not in _KNOWN:
        return  # another bot's, probably
    turn = context.turn(user, _name(message), message=_name(message), private=place.private)
    words = said.text.split()
    if said.command in _START:
        await _start(context, place, turn, user, words[1] if len(words) > 1 else "")
    elif said.command in _LANGUAGE:
        await _language(context, place, turn, user, words[1:])
    elif not said.command and (voice := context.voices.corrected(message)):
        await _correct(context, place, turn, user, voice, said.text)
    else:
        await _talk(context, place, turn, user, said)


async def on_edited_message(context: Context, update: Update) -> None:
    """Read the last message again; nothing is said to it, unless it speaks of danger now."""
    message = update.edited_message
    user = _author(message)
    if message is None or user is None:
        return
    said = heard(message, bot_id=context.bot.id, bot_name=context.bot.username)
    if said is None or not said.named or said.command:
        return
    place = Place.of(message)
    turn = context.turn(user, f"{_name(message)}:{update.update_id}", private=place.private)
    answer = await context.chat.reread(turn, _name(message), said.text)
    if answer is not None:
        await _show(context, place, turn, user, answer)


async def _wordless(context: Context, place: Place, user: User, message: Message) -> None:
    """Answer what has no words for the bot: a voice, a picture, or words that were lost."""
    if is_claim(message):
        place = replace(place, reply_to=message.message_id)
        await _say(context, place, user, "telegram.again")
    elif place.private and (message.voice or message.audio):
        await _listen(context, place, user, message)
    elif place.private and message.effective_attachment and context.may(user, Deed.TALK):
        await _say(context, place, user, "telegram.no_text")


async def _listen(context: Context, place: Place, user: User, message: Message) -> None:
    turn = context.turn(user, _name(message), message=_name(message))
    answer = await context.voices.hear(context, place, turn, user, message)
    if answer is not None:
        await _show(context, place, turn, user, answer)


async def _correct(
    context: Context, place: Place, turn: Turn, user: User, voice: str, text: str
) -> None:
    """Read a voice message again, as it was meant."""
    answer = await context.chat.misheard(turn, voice, text)
    if answer is not None:
        await _show(context, place, turn, user, answer)
        return
    await _say(context, place, user, "telegram.voice.corrected")


async def _say(context: Context, place: Place, user: User, text: str) -> None:
    presenter = await context.presenter_for(user)
    await context.sender.send(place, text_posts((presenter.texts(text),)))


async def _talk(context: Context, place: Place, turn: Turn, user: User, said: Heard) -> None:
    danger = not place.private and await context.chat.service.conversation.hears_danger(said.text)
    if not place.private and not danger and (request := _personal(said.text)):
        if context.may(user, Deed.TALK):
            presenter = await context.presenter_for(user)
            await _invite(context, place, presenter, request_payload(request))
        return
    async with context.typing.shown(place):
        answer = await context.chat.answer(turn, said.text)
    await _show(context, place, turn, user, answer)


async def _show(context: Context, place: Place, turn: Turn, user: User, answer: Answer) -> None:
    """Show an answer where it belongs: what is personal in the private chat."""
    if answer.quiet:
        return
    if answer.kind in _URGENT and not place.private:
        await _show_crisis(context, place, turn, user, answer)
    elif place.private or not answer.personal:
        await context.show(place, turn, answer)
    else:
        payload = str(answer.kind) if answer.kind in _LINKED else ""
        await _invite(context, place, context.presenter(answer), payload)


async def _show_crisis(
    context: Context, place: Place, turn: Turn, user: User, answer: Answer
) -> None:
    try:
        await context.show(Place(user.id), turn, answer)
    except (Forbidden, BadRequest):
        # Who never spoke to the bot in private cannot be written to; there is no way to know
        # before. The link leads to the same card.
        danger = answer.reply.crisis if answer.reply else None
        payload = crisis_payload(danger) if danger else ""
        await _invite(context, place, context.presenter(answer), payload)


async def _invite(context: Context, place: Place, presenter: Presenter, payload: str) -> None:
    """Offer to go on in the private chat."""
    texts = presenter.texts
    url = deep_link(context.bot.username, payload)
    rows: Rows = ((Button(texts("telegram.private.button"), url=url),),)
    await context.sender.send(place, text_posts((texts("telegram.private"),), rows))


async def _start(context: Context, place: Place, turn: Turn, user: User, payload: str) -> None:
    if place.private:
        await start(context, place, turn, user, payload)
    else:
        await _invite(context, place, await context.presenter_for(user), payload)


async def _language(
    context: Context, place: Place, turn: Turn, user: User, words: list[str]
) -> None:
    presenter = await context.presenter_for(user)
    if not place.private:
        await _invite(context, place, presenter, str(Command.SETTINGS))
    elif words:
        request = Request(Command.SETTINGS, "/language", words=("language", words[0].lower()))
        await context.show(place, turn, await context.chat.run(turn, request))
    else:
        # In every language: who asks may not understand the present one.
        spoken = {each: context.chat.presenters[each].texts for each in Language}
        question = "\n".join(texts("telegram.language") for texts in spoken.values())
        row = tuple(
            Button(texts(f"setting.language.{each}"), Action("t", ("language", each)))
            for each, texts in spoken.items()
        )
        await context.sender.send(place, text_posts((question,), (row,)))


def _personal(text: str) -> Request | None:
    """The command in the text, if it is not to be answered in a group."""
    try:
        request = parse(text)
    except MaeumError:
        return None  # the chat says what is wrong with it
    # What may be talk is looked at first; where it is not, the answer leads to the private chat.
    return request if request.command in PERSONAL and not request.spoken else None


def _author(message: Message | None) -> User | None:
    """The person who wrote it; None for a bot, a channel, or a group's anonymous administrator."""
    if message is None or message.sender_chat is not None:
        return None
    user = message.from_user
    return None if user is None or user.is_bot else user


def _name(message: Message) -> str:
    """What the message is called; the same when it is edited, or sent to the bot again."""
    return f"{message.chat.id}:{message.message_id}"
