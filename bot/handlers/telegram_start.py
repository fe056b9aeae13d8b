"""/start, alone or with what a link brought along."""

from telegram import User

from bot.chat.answers import Turn
from bot.chat.commands import Command, Request
from bot.handlers.telegram_context import Context
from bot.handlers.telegram_links import linked_code, linked_crisis, linked_press, linked_request
from bot.handlers.telegram_sender import Place
from bot.handlers.telegram_views import text_posts
from core.models import Reply, ReplyKind

__all__ = ["start"]


async def start(context: Context, place: Place, turn: Turn, user: User, payload: str) -> None:
    """Do what the payload stands for; without one say hello."""
    chat = context.chat
    if (carried := linked_press(payload)) is not None:
        await context.show(place, turn, await chat.press(turn, carried))
    elif (code := linked_code(payload)) is not None:
        await _ask_link(context, place, user, code)
    elif (danger := linked_crisis(payload)) is not None:
        presenter = await context.presenter_for(user)
        card = presenter.paragraphs(Reply(ReplyKind.CRISIS, crisis=danger, card=True))
        await context.sender.send(place, text_posts(card))
    elif (request := linked_request(payload)) is not None:
        await context.show(place, turn, await chat.run(turn, request))
    else:
        await _hello(context, place, turn)


async def _hello(context: Context, place: Place, turn: Turn) -> None:
    answer = await context.chat.run(turn, Request(Command.ABOUT, "/start"))
    if answer.error is not None:
        await context.show(place, turn, answer)
        return
    context.introductions.made(turn.user)
    how = context.presenter(answer).texts("telegram.start")
    await context.sender.send(place, text_posts((*answer.text, how)))


async def _ask_link(context: Context, place: Place, user: User, code: str) -> None:
    # Not linked at once: whoever gets somebody to tap a link would read that person's moods.
    texts = (await context.presenter_for(user)).texts
    await context.sender.send(place, text_posts((texts("telegram.link", code=code),)))
