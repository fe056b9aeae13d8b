"""The pictures of README are of what the bot really sends."""

import pytest

from bot.chat.chat import Chat
from bot.config import DATA
from core.charts.canvas import Canvas
from core.charts.fonts import Fonts
from core.charts.painter import FONT_FILES
from core.models import Language
from scripts.discord_sheet import Sheet, Shown
from tests.e2e.discord_fake import DiscordServer, Guild


@pytest.mark.parametrize("language", list(Language))
async def test_all_that_a_message_shows_is_drawn(
    server: DiscordServer,
    bot: Chat,
    guild: Guild,
    language: Language,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person, (channel,) = server.person(locale=language), guild.channels
    await person.slash("talk", text="슬픔")
    shown = (await person.slash("songs", where=channel, count=2)).shown
    drawn: list[str] = []
    monkeypatch.setattr(Canvas, "text", lambda _self, _at, text, **_look: drawn.append(text))
    sheet = Sheet(Fonts(DATA / "fonts", FONT_FILES))
    sheet.message(Shown(shown, "/songs", language, person.id))
    assert sheet.png().startswith(b"\x89PNG")
    texts = " ".join(drawn)
    for expected in (
        *(embed["title"] for embed in shown.embeds),
        *shown.content.split(),
        *(part["placeholder"] for part in shown.parts if part["type"] == 3),
        *(label.strip("👍👎 ") for label in shown.labels),
    ):
        assert expected in texts
    assert "[" not in texts  # no markup is left
