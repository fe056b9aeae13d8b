"""REST: the application and its commands; and what people find of them."""

from typing import Any

from aiohttp import web

from tests.e2e.discord_fake.command_limits import CHAT, check_commands
from tests.e2e.discord_fake.errors import Json, Refused
from tests.e2e.discord_fake.places import Channel, ChannelKind, Member
from tests.e2e.discord_fake.world import World

__all__ = ["Commands", "filled"]

STRING, INTEGER, BOOLEAN, NUMBER = 3, 4, 5, 10


class Commands:
    """The commands by where they are: None is everywhere, else a guild.

    Attributes:
        overwrites: how often a whole set was replaced.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.sets: dict[int | None, list[Json]] = {}
        self.overwrites = 0

    @property
    def routes(self) -> list[web.RouteDef]:
        """The routes, below the API's base."""
        everywhere, guild = "/applications/{app}/commands", "/applications/{app}/guilds/{guild}"
        return [
            web.get("/oauth2/applications/@me", self.application),
            web.get("/applications/@me", self.application),
            web.get(everywhere, self.get),
            web.put(everywhere, self.overwrite),
            web.get(guild + "/commands", self.get),
            web.put(guild + "/commands", self.overwrite),
        ]

    async def application(self, _: web.Request) -> web.Response:
        """GET /applications/@me"""
        bot = self.world.bot
        return web.json_response(
            {
                "id": str(bot.id),
                "name": bot.name,
                "description": "",
                "icon": None,
                "bot_public": True,
                "bot_require_code_grant": False,
                "owner": bot.json,
                "verify_key": "0" * 64,
                "flags": 0,
            }
        )

    async def get(self, request: web.Request) -> web.Response:
        """GET .../commands"""
        return web.json_response(self.sets.get(self._place(request), []))

    async def overwrite(self, request: web.Request) -> web.Response:
        """PUT .../commands"""
        place = self._place(request)
        commands: Any = await request.json()
        check_commands(commands)
        self.overwrites += 1
        self.sets[place] = [
            {
                "id": str(self.world.new_id()),
                "application_id": str(self.world.bot.id),
                "version": str(self.world.new_id()),
                "type": CHAT,
                "description": "",
                "options": [],
                "default_member_permissions": None,
                **command,
                **({"guild_id": str(place)} if place else {}),
            }
            for command in commands
        ]
        return web.json_response(self.sets[place])

    def _place(self, request: web.Request) -> int | None:
        if request.match_info["app"] != str(self.world.bot.id):
            raise Refused(404, 10002, "Unknown Application")
        place = int(request.match_info.get("guild", 0)) or None
        if place is not None and (place not in self.world.guilds):
            raise Refused(403, 50001, "Missing Access")
        return place

    def visible(self, person: Member, channel: Channel, kind: int) -> list[Json]:
        """What the person finds there."""
        guild = channel.guild.id if channel.guild else None
        found = (
            [*self.sets.get(guild, []), *self.sets.get(None, [])]
            if guild
            else self.sets.get(None, [])
        )
        return [c for c in found if c["type"] == kind and self._offered(c, person, channel)]

    def _offered(self, command: Json, person: Member, channel: Channel) -> bool:
        contexts = command.get("contexts")
        context = {ChannelKind.TEXT: 0, ChannelKind.DM: 1, ChannelKind.GROUP: 2}[channel.kind]
        if contexts is not None and context not in contexts:
            return False
        if channel.kind is ChannelKind.GROUP and contexts is None:
            return False
        invited = channel.kind is ChannelKind.DM or (
            channel.guild is not None and channel.guild.has_bot
        )
        if not invited and 1 not in (command.get("integration_types") or [0]):
            return False
        wanted = command.get("default_member_permissions")
        return wanted is None or channel.guild is None or person.admin

    def find(self, person: Member, channel: Channel, kind: int, name: str) -> Json:
        """The command that the person knows under that name."""
        commands = self.visible(person, channel, kind)
        for command in commands:
            if name in names(command, person):
                return command
        known = [command["name"] for command in commands]
        raise LookupError(f"{person.name} finds no command {name!r} there, only {known}")


def names(thing: Json, person: Member) -> set[str]:
    """What a command, an option or a choice is called, as it is and as the person reads it."""
    locale = {"en": "en-US"}.get(person.locale, person.locale)
    translated = (thing.get("name_localizations") or {}).get(locale)
    return {thing["name"], *([translated] if translated else [])}


def filled(
    options: list[Json], person: Member, given: dict[str, Any], focused: str | None = None
) -> list[Json]:
    """The options of an interaction, as the person filled them in.

    Raises:
        LookupError: the person could not have filled them in like that.
    """
    values: list[Json] = []
    left = dict(given)
    for option in options:
        keys = {k for name in names(option, person) for k in (name, name.replace("-", "_"))}
        key = next((key for key in left if key in keys), None)
        if key is None:
            if option.get("required") and focused is None:
                raise LookupError(f"{option['name']} has to be filled in")
            continue
        value = left.pop(key)
        typing = key == focused
        if not typing:
            value = _chosen(option, person, value)
            _check_value(option, value)
        entry: Json = {"name": option["name"], "type": option["type"], "value": value}
        values.append({**entry, "focused": True} if typing else entry)
    if left:
        raise LookupError(f"no options {sorted(left)}")
    return values


def _chosen(option: Json, person: Member, value: Any) -> Any:
    choices = option.get("choices") or []
    if not choices:
        return value
    for choice in choices:
        if value == choice["value"] or value in names(choice, person):
            return choice["value"]
    raise LookupError(f"{option['name']} offers no {value!r}")


def _check_value(option: Json, value: Any) -> None:
    kind = option["type"]
    fits = {
        STRING: isinstance(value, str),
        INTEGER: isinstance(value, int) and not isinstance(value, bool),
        BOOLEAN: isinstance(value, bool),
        NUMBER: isinstance(value, int | float),
    }.get(kind, True)
    if not fits:
        raise LookupError(f"{option['name']} takes no {value!r}")
    size = len(value) if kind == STRING else value
    least, most = ("min_length", "max_length") if kind == STRING else ("min_value", "max_value")
    too_small = option.get(least) is not None and size < option[least]
    if too_small or (option.get(most) is not None and size > option[most]):
        raise LookupError(f"{option['name']} does not take {value!r}")
