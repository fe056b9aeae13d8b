"""The names and descriptions of commands: English as they are, Korean by translation."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.texts import Texts
from core.models import Language

__all__ = ["Names", "Translator"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

_LANGUAGES: Mapping[discord.Locale, Language] = {discord.Locale.korean: Language.KOREAN}
"""What is translated for whom; everybody else reads English."""


class Names:
    """Names that can be translated, by their keys in the locales."""

    def __init__(self, english: Texts) -> None:
        self._english = english

    def __call__(self, key: str) -> app_commands.locale_str:
        """The text of the key."""
        return app_commands.locale_str(self._english(key), key=key)

    def command(self, name: str, told: str | None = None) -> dict[str, Any]:
        """Name and description of a command; `told` is the key of the description of its own."""
        return {
            "name": self(f"discord.command.{name}.name"),
            "description": self(told or f"help.{name}.text"),
        }

    def options(self, *names: str) -> Callable[[_Function], _Function]:
        """Names and descriptions of options, which are called so in the function as well."""

        def named(function: _Function) -> _Function:
            keys = {name: f"discord.option.{name}" for name in names}
            texts = {name: self(f"{key}.text") for name, key in keys.items()}
            app_commands.describe(**texts)(function)
            renamed = {name: self(f"{key}.name") for name, key in keys.items()}
            app_commands.rename(**renamed)(function)
            return function

        return named

    def choices(self, values: Mapping[str, str]) -> list[app_commands.Choice[str]]:
        """Choices: what they stand for, by the key of their name."""
        return [app_commands.Choice(name=self(key), value=value) for key, value in values.items()]


class Translator(app_commands.Translator):
    """Looks names up in the locales."""

    def __init__(self, texts: Mapping[Language, Texts]) -> None:
        self._texts = texts

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        _context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in the language of the locale; None where that is English, or the same."""
        language, key = _LANGUAGES.get(locale), string.extras.get("key")
        return None if language is None or key is None else self._texts[language](key)
