"""Draws what the bot answers on Discord, from the messages that it really sends.

    python -m scripts.draw_discord [--out docs/images]

The bot talks to the local Discord of tests/e2e with the bundled model and songs; the embeds,
buttons, menus and reactions of its messages are drawn in the looks of Discord's dark theme.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import numpy as np

from bot.config import DATA, ROOT, load_settings
from bot.discord_app import serve
from bot.serving import serve as serve_platforms
from bot.texts import load_texts
from core.charts.fonts import Fonts
from core.charts.painter import FONT_FILES
from core.models import Language
from scripts.discord_sheet import Sheet, Shown
from tests.e2e.discord_fake import TOKEN, Clock, DiscordServer, running_discord

SAID: Final = {
    Language.KOREAN: "오늘 시험에 떨어졌어. 너무 속상하고 눈물이 나",
    Language.ENGLISH: "I failed my exam today. I am so sad I could cry",
}
ASKED: Final = {Language.KOREAN: "노래 1곡 추천해줘", Language.ENGLISH: "/songs 1"}
FIRST: Final = {Language.KOREAN: "요즘 계속 우울해", Language.ENGLISH: "I have been sad for days"}


@asynccontextmanager
async def talking() -> AsyncIterator[DiscordServer]:
    """A local Discord, and the bot on it."""
    told = {"DISCORD_TOKEN": TOKEN, "DATABASE_URL": "memory:"}
    settings, stop = load_settings(told, Path("no") / "such" / "file"), asyncio.Event()
    async with running_discord(Clock(running=True)) as server:
        generator = np.random.default_rng(0)
        serving = asyncio.create_task(serve_platforms(settings, [serve], generator, stop))
        await server.until(lambda: server.gateway.identifies == 1, 60)
        try:
            yield server
        finally:
            stop.set()
            await serving


async def list_of_songs(server: DiscordServer, language: Language) -> list[Shown]:
    """A command in a server, and a vote."""
    person, where = server.person("민지", locale=language), server.channel(server.guild())
    await person.slash("talk", where=where, text=SAID[language])
    shown = (await person.slash("songs", where=where, mode="opposite", count=3)).shown
    await person.clicks(shown, "1 👍")
    await server.until(lambda: "1 👍 ✓" in shown.labels, 60)
    name = load_texts(language)("discord.command.songs.name")
    return [Shown(shown, f"/{name}", language, person.id)]


async def talk(server: DiscordServer, language: Language) -> list[Shown]:
    """Direct messages: an answer, one song, and a reaction to it."""
    person = server.person("민지", locale=language)
    layout = load_texts(language)("setting.layout.single")
    page = (await person.slash("settings")).shown
    await person.clicks(page, layout)
    await server.until(lambda: any(label.endswith("✓") for label in page.labels), 60)
    await person.hears(after=await person.says(FIRST[language]))
    said = await person.says(SAID[language])
    answer = await person.hears(after=said)
    asked = await person.says(ASKED[language])
    await server.until(lambda: any("👎" in message.reactions for message in person.sees()), 60)
    song = next(message for message in person.sees() if message.reactions)
    await person.reacts(song, "👍")
    await server.until(lambda: "👍 ✓" in song.labels, 60)
    return [Shown(message, "", language, person.id) for message in (said, answer, asked, song)]


async def draw(out: Path) -> None:
    """Write the pictures."""
    fonts = Fonts(DATA / "fonts", FONT_FILES)
    pictures = {
        "discord_songs": (list_of_songs, Language.KOREAN),
        "discord_talk": (talk, Language.KOREAN),
        "discord_songs_en": (list_of_songs, Language.ENGLISH),
    }
    for name, (scene, language) in pictures.items():
        async with talking() as server:
            messages = await scene(server, language)
        sheet = Sheet(fonts)
        for shown in messages:
            sheet.message(shown)
        png = sheet.png()
        (out / f"{name}.png").write_bytes(png)
        print(f"{name}.png, {len(png):,} bytes")


def main() -> None:
    """Draw them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw(given.out))


if __name__ == "__main__":
    main()
