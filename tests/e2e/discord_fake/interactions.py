"""REST: callbacks of interactions, their original answers and follow-ups."""

from typing import Final

from aiohttp import web

from tests.e2e.discord_fake.channels import Channels
from tests.e2e.discord_fake.errors import Json, Refused, invalid_form
from tests.e2e.discord_fake.limits import EPHEMERAL, check_choices, check_message, check_modal
from tests.e2e.discord_fake.messages import LOADING, Interaction, InteractionKind, Message
from tests.e2e.discord_fake.places import Channel, ChannelKind
from tests.e2e.discord_fake.posting import Posting, apply, read_posting
from tests.e2e.discord_fake.world import World

__all__ = ["Interactions"]

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
TO_ACKNOWLEDGE: Final = 3.0
TO_FOLLOW_UP: Final = 900.0
FOLLOWUPS_UNINVITED: Final = 5
UNKNOWN: Final = Refused(404, 10062, "Unknown interaction")


class Interactions:
    """What the bot answers."""

    def __init__(self, world: World, channels: Channels) -> None:
        self.world = world
        self.channels = channels

    @property
    def routes(self) -> list[web.RouteDef]:
        """The routes, below the API's base."""
        followup = "/webhooks/{app}/{token}"
        one = followup + "/messages/{message}"
        return [
            web.post("/interactions/{id}/{token}/callback", self.acknowledge),
            web.post(followup, self.follow_up),
            web.get(one, self.get),
            web.patch(one, self.edit),
            web.delete(one, self.delete),
        ]

    async def acknowledge(self, request: web.Request) -> web.Response:
        """POST /interactions/{id}/{token}/callback"""
        interaction = self.world.interactions.get(request.match_info["token"])
        if interaction is None or str(interaction.id) != request.match_info["id"]:
            raise UNKNOWN
        posting = await read_posting(request)
        passed = self.world.clock.now - interaction.created
        if interaction.callback is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if passed > TO_ACKNOWLEDGE:
            raise UNKNOWN
        interaction.callback = int(posting.payload["type"])  # a second one loses from here on
        try:
            await self._answer(interaction, interaction.callback, posting.inner())
        except Refused:
            interaction.callback = None
            raise
        interaction.acknowledged_after = passed
        _settle(interaction)
        if request.query.get("with_response", "").lower() in ("1", "true"):
            return web.json_response(self._receipt(interaction))
        return web.Response(status=204)

    async def _answer(self, interaction: Interaction, kind: int, posting: Posting) -> None:
        _check_kind(interaction, kind)
        if kind == MESSAGE:
            _check(posting)
            interaction.message = self._new(interaction, posting)
            await self.channels.tell("MESSAGE_CREATE", interaction.message)
        elif kind == DEFERRED_MESSAGE:
            interaction.message = self._new(interaction, posting, LOADING)
        elif kind == DEFERRED_UPDATE:
            interaction.message = interaction.clicked
        elif kind == UPDATE:
            assert interaction.clicked is not None
            _check(posting, editing=True)
            interaction.message = interaction.clicked
            await self._change(interaction.clicked, posting)
        elif kind == CHOICES:
            interaction.choices = posting.payload.get("choices") or []
            check_choices(interaction.choices)
        elif kind == MODAL:
            check_modal(posting.payload)
            interaction.modal = posting.payload

    async def follow_up(self, request: web.Request) -> web.Response:
        """POST /webhooks/{app}/{token}"""
        interaction = self._open(request)
        posting = await read_posting(request)
        _check(posting)
        if interaction.thinking:  # the first one takes the place of "is thinking"
            assert interaction.message is not None
            await self._change(interaction.message, posting)
            return web.json_response(interaction.message.json())
        uninvited = interaction.channel.guild is not None and not interaction.channel.guild.has_bot
        if uninvited and len(interaction.followups) >= FOLLOWUPS_UNINVITED:
            raise Refused(
                400, 40094, "This interaction has reached the maximum number of follow-up messages"
            )
        message = self._new(interaction, posting)
        interaction.followups.append(message)
        await self.channels.tell("MESSAGE_CREATE", message)
        return web.json_response(message.json())

    async def get(self, request: web.Request) -> web.Response:
        """GET .../messages/{message}"""
        return web.json_response(self._message(request).json())

    async def edit(self, request: web.Request) -> web.Response:
        """PATCH .../messages/{message}"""
        message = self._message(request)
        posting = await read_posting(request)
        _check(posting, editing=True)
        await self._change(message, posting)
        return web.json_response(message.json())

    async def delete(self, request: web.Request) -> web.Response:
        """DELETE .../messages/{message}"""
        message = self._message(request)
        self.channels.remove(message)
        if message.interaction is not None:
            _settle(message.interaction)
        return web.Response(status=204)

    def _open(self, request: web.Request) -> Interaction:
        interaction = self.world.interactions.get(request.match_info["token"])
        if interaction is None or request.match_info["app"] != str(self.world.bot.id):
            raise Refused(404, 10015, "Unknown Webhook")
        if self.world.clock.now - interaction.created > TO_FOLLOW_UP:
            raise Refused(401, 50027, "Invalid Webhook Token")
        if interaction.callback is None:
            raise Refused(404, 10015, "Unknown Webhook")
        return interaction

    def _message(self, request: web.Request) -> Message:
        interaction = self._open(request)
        name = request.match_info["message"]
        mine = [interaction.message, interaction.clicked, *interaction.followups]
        for message in mine:
            if message is None or message.deleted:
                continue
            if name == str(message.id) or (name == "@original" and message is interaction.message):
                return message
        raise Refused(404, 10008, "Unknown Message")

    def _new(self, interaction: Interaction, posting: Posting, flags: int = 0) -> Message:
        world = self.world
        message = Message(world.new_id(), interaction.channel, world.bot, world.clock.time)
        message.flags = flags | (posting.payload.get("flags") or 0)
        message.interaction = interaction
        if message.ephemeral:
            message.visible_to = interaction.person.id
        apply(world, message, posting)
        return world.add_message(message)

    async def _change(self, message: Message, posting: Posting) -> None:
        was_loading = message.loading
        message.flags &= ~LOADING
        if message.interaction is not None:
            _settle(message.interaction)
        apply(self.world, message, posting)
        message.edits += not was_loading
        name = "MESSAGE_CREATE" if was_loading else "MESSAGE_UPDATE"
        await self.channels.tell(name, message)

    def _receipt(self, interaction: Interaction) -> Json:
        about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
        resource: Json = {"type": interaction.callback}
        message = interaction.message
        if message is not None:
            about |= {
                "response_message_id": str(message.id),
                "response_message_loading": message.loading,
                "response_message_ephemeral": bool(message.flags & EPHEMERAL),
            }
        if message is not None and interaction.callback in (MESSAGE, UPDATE):
            resource["message"] = message.json()
        return {"interaction": about, "resource": resource}

    def offer(self, interaction: Interaction) -> Json:
        """The event that tells the bot of it."""
        person, channel = interaction.person, interaction.channel
        data: Json = {
            "id": str(interaction.id),
            "application_id": str(self.world.bot.id),
            "type": int(interaction.kind),
            "data": interaction.data,
            "token": interaction.token,
            "version": 1,
            "channel": channel.json,
            "channel_id": str(channel.id),
            "locale": {"en": "en-US"}.get(person.locale, person.locale),
            "app_permissions": str(0x7FFFFFFFFFFFF),
            "entitlements": [],
            "attachment_size_limit": 10 * 2**20,
            "context": _context(channel),
            "authorizing_integration_owners": _owners(interaction),
        }
        if channel.guild is not None:
            data["guild_id"] = str(channel.guild.id)
            data["guild"] = {
                "id": str(channel.guild.id),
                "locale": channel.guild.locale,
                "features": [],
            }
            data["guild_locale"] = channel.guild.locale
            data["member"] = {**person.member_json, "user": person.json}
        else:
            data["user"] = person.json
        if interaction.clicked is not None:
            data["message"] = interaction.clicked.json()
        return data


def _settle(interaction: Interaction) -> None:
    if interaction.answered:
        interaction.settled.set()


def _context(channel: Channel) -> int:
    return {ChannelKind.TEXT: 0, ChannelKind.DM: 1, ChannelKind.GROUP: 2}[channel.kind]


def _owners(interaction: Interaction) -> Json:
    guild = interaction.channel.guild
    owners: Json = {"1": str(interaction.person.id)}
    if guild is not None and guild.has_bot:
        owners["0"] = str(guild.id)
    elif interaction.channel.kind is ChannelKind.DM:
        owners["0"] = "0"
    return owners


def _check(posting: Posting, *, editing: bool = False) -> None:
    files = [content for _, content in posting.files.values()]
    check_message(posting.payload, files, editing=editing)


def _check_kind(interaction: Interaction, kind: int) -> None:
    """Refuse an answer that does not fit what was asked."""
    messages = {MESSAGE, DEFERRED_MESSAGE}
    allowed = {
        InteractionKind.COMMAND: messages | {MODAL},
        InteractionKind.COMPONENT: messages | {DEFERRED_UPDATE, UPDATE, MODAL},
        InteractionKind.AUTOCOMPLETE: {CHOICES},
        InteractionKind.MODAL: messages | {DEFERRED_UPDATE, UPDATE},
    }[interaction.kind]
    if interaction.clicked is None:
        allowed -= {UPDATE, DEFERRED_UPDATE}
    if kind not in allowed:
        raise invalid_form("type", "BASE_TYPE_CHOICES", f"Value must be one of {allowed}.")
