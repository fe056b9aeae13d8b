"""REST: channels, their messages and reactions, and direct messages."""

from urllib.parse import unquote

from aiohttp import web

from tests.e2e.discord_fake.errors import Json, Refused, invalid_form
from tests.e2e.discord_fake.gateway import (
    DM_MESSAGES,
    DM_REACTIONS,
    GUILD_MESSAGES,
    GUILD_REACTIONS,
    Gateway,
)
from tests.e2e.discord_fake.limits import check_message
from tests.e2e.discord_fake.messages import Message
from tests.e2e.discord_fake.places import Channel, ChannelKind, Member
from tests.e2e.discord_fake.posting import apply, read_posting
from tests.e2e.discord_fake.world import World

__all__ = ["Channels"]


class Channels:
    """What happens in channels, by the bot over REST and by people."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway

    @property
    def routes(self) -> list[web.RouteDef]:
        """The routes, below the API's base."""
        one = "/channels/{channel}/messages/{message}"
        return [
            web.post("/users/@me/channels", self.open_dm),
            web.get("/channels/{channel}", self.get_channel),
            web.post("/channels/{channel}/typing", self.type),
            web.post("/channels/{channel}/messages", self.create),
            web.get(one, self.get),
            web.patch(one, self.edit),
            web.delete(one, self.delete),
            web.put(one + "/reactions/{emoji}/@me", self.react),
            web.delete(one + "/reactions/{emoji}/{user}", self.unreact),
        ]

    # What the bot asks for.

    async def open_dm(self, request: web.Request) -> web.Response:
        """POST /users/@me/channels"""
        data = await request.json()
        person = self.world.people.get(int(data["recipient_id"]))
        if person is None or person.bot:
            raise Refused(400, 50033, "Invalid Recipient(s)")
        return web.json_response(self.world.dm(person).json)

    async def get_channel(self, request: web.Request) -> web.Response:
        """GET /channels/{channel}"""
        return web.json_response(self._channel(request).json)

    async def type(self, request: web.Request) -> web.Response:
        """POST /channels/{channel}/typing"""
        self._channel(request).typing += 1
        return web.Response(status=204)

    async def create(self, request: web.Request) -> web.Response:
        """POST /channels/{channel}/messages"""
        channel = self._channel(request)
        posting = await read_posting(request)
        payload = posting.payload
        check_message(payload, [content for _, content in posting.files.values()])
        if channel.kind is ChannelKind.DM and channel.people[0].refuses_dms:
            raise Refused(403, 50007, "Cannot send messages to this user")
        if not channel.bot_writes:
            raise Refused(403, 50013, "Missing Permissions")
        nonce = payload.get("nonce")
        if len(str(nonce or "")) > 25:
            raise Refused(400, 50035, "Invalid Form Body")
        if nonce and payload.get("enforce_nonce"):
            for earlier in channel.messages:
                if earlier.nonce == nonce and earlier.author is self.world.bot:
                    return web.json_response(earlier.json())
        message = Message(self.world.new_id(), channel, self.world.bot, self.world.clock.time)
        message.nonce = nonce
        message.flags = payload.get("flags") or 0
        reference = payload.get("message_reference")
        if reference:
            message.reply_to = self._replied_to(channel, reference)
        apply(self.world, message, posting)
        self.world.add_message(message)
        await self.tell("MESSAGE_CREATE", message)
        return web.json_response(message.json())

    async def get(self, request: web.Request) -> web.Response:
        """GET .../messages/{message}"""
        return web.json_response(self._requested(request).json())

    async def edit(self, request: web.Request) -> web.Response:
        """PATCH .../messages/{message}"""
        message = self._requested(request)
        if message.author is not self.world.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        posting = await read_posting(request)
        files = [content for _, content in posting.files.values()]
        check_message(posting.payload, files, editing=True)
        apply(self.world, message, posting)
        message.edits += 1
        await self.tell("MESSAGE_UPDATE", message)
        return web.json_response(message.json())

    async def delete(self, request: web.Request) -> web.Response:
        """DELETE .../messages/{message}"""
        message = self._requested(request)
        if message.author is not self.world.bot:
            raise Refused(403, 50013, "Missing Permissions")
        self.remove(message)
        return web.Response(status=204)

    async def react(self, request: web.Request) -> web.Response:
        """PUT .../reactions/{emoji}/@me"""
        message = self._requested(request)
        if not message.channel.bot_reacts:
            raise Refused(403, 50013, "Missing Permissions")
        emoji = unquote(request.match_info["emoji"])
        if emoji.isascii():
            raise Refused(400, 10014, "Unknown Emoji")
        await self.add_reaction(self.world.bot, message, emoji)
        return web.Response(status=204)

    async def unreact(self, request: web.Request) -> web.Response:
        """DELETE .../reactions/{emoji}/{user}"""
        message = self._requested(request)
        user = request.match_info["user"]
        person = self.world.bot if user == "@me" else self.world.people[int(user)]
        await self.remove_reaction(person, message, unquote(request.match_info["emoji"]))
        return web.Response(status=204)

    def _replied_to(self, channel: Channel, reference: Json) -> Message | None:
        try:
            return self._message(channel, int(reference["message_id"]))
        except Refused as error:
            if not reference.get("fail_if_not_exists", True):
                return None
            raise invalid_form(
                "message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message"
            ) from error

    # What happens.

    def remove(self, message: Message) -> None:
        """Let the message be gone."""
        message.deleted = True
        message.channel.messages.remove(message)
        del self.world.messages[message.id]

    async def add_reaction(self, person: Member, message: Message, emoji: str) -> None:
        """A reaction of a person, or of the bot."""
        if message.ephemeral:
            raise Refused(404, 10008, "Unknown Message")
        people = message.reactions.setdefault(emoji, set())
        if person.id not in people:
            people.add(person.id)
            await self._tell_reaction("MESSAGE_REACTION_ADD", person, message, emoji)

    async def remove_reaction(self, person: Member, message: Message, emoji: str) -> None:
        """A reaction taken back."""
        if person.id in message.reactions.get(emoji, set()):
            message.reactions[emoji].discard(person.id)
            await self._tell_reaction("MESSAGE_REACTION_REMOVE", person, message, emoji)

    async def _tell_reaction(self, name: str, person: Member, message: Message, emoji: str) -> None:
        channel = message.channel
        if not channel.bot_sees:
            return
        data: Json = {
            "user_id": str(person.id),
            "channel_id": str(channel.id),
            "message_id": str(message.id),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        intent, guild_id = DM_REACTIONS, None
        if channel.guild is not None:
            intent, guild_id = GUILD_REACTIONS, channel.guild.id
            data["guild_id"] = str(guild_id)
        if name.endswith("ADD"):
            data["message_author_id"] = str(message.author.id)
            if channel.guild is not None:
                data["member"] = {**person.member_json, "user": person.json}
        await self.gateway.dispatch(name, data, guild_id=guild_id, intent=intent)

    async def tell(self, name: str, message: Message) -> None:
        """Dispatch a message, without its content where the app may not read it."""
        channel = message.channel
        if not channel.bot_sees or message.ephemeral:
            return
        guild_id = channel.guild.id if channel.guild else None
        mine = message.author is self.world.bot or self.world.bot in message.mentions
        intent = GUILD_MESSAGES if channel.guild else DM_MESSAGES
        data = message.json(hidden=channel.guild is not None and not mine)
        if channel.guild is not None:
            data["guild_id"] = str(guild_id)
            data["member"] = message.author.member_json
        await self.gateway.dispatch(name, data, guild_id=guild_id, intent=intent)

    # What is asked for.

    def _channel(self, request: web.Request) -> Channel:
        channel = self.world.channels.get(int(request.match_info["channel"]))
        if channel is None:
            raise Refused(404, 10003, "Unknown Channel")
        if not channel.bot_sees:
            raise Refused(403, 50001, "Missing Access")
        return channel

    def _requested(self, request: web.Request) -> Message:
        return self._message(self._channel(request), int(request.match_info["message"]))

    def _message(self, channel: Channel, message_id: int) -> Message:
        message = self.world.messages.get(message_id)
        if message is None or message.channel is not channel or message.ephemeral:
            raise Refused(404, 10008, "Unknown Message")
        return message
