"""People: what they do on Discord, and what they see."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.e2e.discord_fake.command_limits import CHAT, MESSAGE
from tests.e2e.discord_fake.commands import filled, names
from tests.e2e.discord_fake.errors import Json
from tests.e2e.discord_fake.messages import Interaction, InteractionKind, Message
from tests.e2e.discord_fake.places import Channel, Member

if TYPE_CHECKING:
    from tests.e2e.discord_fake.server import DiscordServer

__all__ = ["Person"]

SUBCOMMANDS = (1, 2)
BUTTON, LINK, STRING_SELECT, TEXT_INPUT = 2, 5, 3, 4


class Person:
    """Somebody who uses Discord. Where no channel is named, it is their DM with the bot."""

    def __init__(self, server: "DiscordServer", member: Member) -> None:
        self.server = server
        self.member = member

    @property
    def id(self) -> int:
        """The user id."""
        return self.member.id

    @property
    def dm(self) -> Channel:
        """Their direct messages with the bot."""
        return self.server.world.dm(self.member)

    def sees(self, channel: Channel | None = None) -> list[Message]:
        """The messages there that this person sees, oldest first."""
        there = (channel or self.dm).messages
        return [m for m in there if m.visible_to in (None, self.id)]

    # Commands.

    async def slash(
        self, name: str, /, *, where: Channel | None = None, wait: bool = True, **options: Any
    ) -> Interaction:
        """Use a slash command, "name" or "group name", and wait for the answer.

        Args:
            name: as it is or as the person reads it; options and choices likewise.
            where: the channel.
            wait: False to return at once.
            options: by name, a hyphen written as an underscore.

        Raises:
            LookupError: the person does not find such a command or option.
            TimeoutError: no answer came.
        """
        data, leaf = self._command(name, where)
        leaf["options"] = filled(leaf.pop("offered"), self.member, options)
        return await self._act(InteractionKind.COMMAND, where, data, wait=wait)

    async def types(
        self, name: str, /, *, where: Channel | None = None, **options: Any
    ) -> list[Json]:
        """Type into the last one of the options; what is offered to complete it."""
        data, leaf = self._command(name, where)
        last = list(options)[-1]
        leaf["options"] = filled(leaf.pop("offered"), self.member, options, focused=last)
        interaction = await self._act(InteractionKind.AUTOCOMPLETE, where, data)
        return interaction.choices or []

    def _command(self, name: str, where: Channel | None) -> tuple[Json, Json]:
        """The data of the interaction, and the part of it that takes the options."""
        first, *path = name.split()
        found = self.server.commands.find(self.member, where or self.dm, CHAT, first)
        data: Json = {"id": found["id"], "name": found["name"], "type": CHAT}
        if "guild_id" in found:
            data["guild_id"] = found["guild_id"]
        leaf, offered = data, found.get("options") or []
        for part in path:
            inner = next((o for o in offered if part in names(o, self.member)), None)
            if inner is None or inner["type"] not in SUBCOMMANDS:
                raise LookupError(f"{name!r} has no {part!r}")
            leaf["options"] = [{"name": inner["name"], "type": inner["type"]}]
            leaf, offered = leaf["options"][0], inner.get("options") or []
        leaf["offered"] = offered
        return data, leaf

    async def uses_message_command(
        self, name: str, message: Message, *, wait: bool = True
    ) -> Interaction:
        """Use a command of a message's menu."""
        where = message.channel
        found = self.server.commands.find(self.member, where, MESSAGE, name)
        data: Json = {
            "id": found["id"],
            "name": found["name"],
            "type": MESSAGE,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): message.json()}},
        }
        return await self._act(InteractionKind.COMMAND, where, data, wait=wait)

    # Components and forms.

    async def clicks(self, message: Message, label: str, *, wait: bool = True) -> Interaction:
        """Press the button with that label."""
        button = message.button(label)
        assert button["style"] != LINK, "a link opens a browser"
        assert not button.get("disabled"), f"{label!r} is disabled"
        data: Json = {"custom_id": button["custom_id"], "component_type": BUTTON}
        return await self._click(message, data, wait=wait)

    async def chooses(self, message: Message, *labels: str, wait: bool = True) -> Interaction:
        """Choose options of the menu that has them."""
        for part in message.parts:
            if part["type"] != STRING_SELECT:
                continue
            values = [o["value"] for o in part["options"] if o["label"] in labels]
            if len(values) == len(labels):
                data = {"custom_id": part["custom_id"], "component_type": 3, "values": values}
                return await self._click(message, data, wait=wait)
        raise LookupError(f"no menu offers {labels}")

    async def _click(self, message: Message, data: Json, *, wait: bool) -> Interaction:
        assert not message.deleted, "the message is gone"
        assert message in self.sees(message.channel), "this person does not see the message"
        return await self._act(
            InteractionKind.COMPONENT, message.channel, data, clicked=message, wait=wait
        )

    async def submits(
        self,
        opened: Interaction,
        values: Mapping[str, str] | None = None,
        /,
        *,
        wait: bool = True,
        **more: str,
    ) -> Interaction:
        """Fill in and send the form that the interaction opened.

        Args:
            opened: what opened it.
            values: the texts, by the custom_id or the label of their inputs.
            wait: False to return at once.
            more: likewise.
        """
        assert opened.modal is not None, "no form was opened"
        left = {**(values or {}), **more}
        components = [_filled_in(row, left) for row in opened.modal["components"]]
        if left:
            raise LookupError(f"the form has no {sorted(left)}")
        data = {"custom_id": opened.modal["custom_id"], "components": components}
        return await self._act(
            InteractionKind.MODAL, opened.channel, data, clicked=opened.clicked, wait=wait
        )

    # Messages and reactions.

    async def says(
        self,
        text: str,
        channel: Channel | None = None,
        *,
        reply_to: Message | None = None,
        mention: bool = False,
        ping: bool = True,
    ) -> Message:
        """Write a message; a reply tells its author unless not to `ping`."""
        world = self.server.world
        content = f"<@{world.bot.id}> {text}" if mention else text
        message = Message(
            world.new_id(), channel or self.dm, self.member, world.clock.time, content
        )
        message.reply_to = reply_to
        told = {world.bot} if mention else set()
        if reply_to is not None and ping:
            told.add(reply_to.author)
        message.mentions = list(told)
        world.add_message(message)
        await self.server.channels.tell("MESSAGE_CREATE", message)
        return message

    async def edits(self, message: Message, text: str) -> None:
        """Write something else in place of one's message."""
        assert message.author is self.member
        message.content, message.edits = text, message.edits + 1
        await self.server.channels.tell("MESSAGE_UPDATE", message)

    async def reacts(self, message: Message, emoji: str) -> None:
        """Add a reaction."""
        assert message in self.sees(message.channel), "this person does not see the message"
        await self.server.channels.add_reaction(self.member, message, emoji)

    async def unreacts(self, message: Message, emoji: str) -> None:
        """Take a reaction back."""
        await self.server.channels.remove_reaction(self.member, message, emoji)

    async def hears(
        self, channel: Channel | None = None, *, after: Message | None = None
    ) -> Message:
        """Wait for the bot's first message there after `after`, or for its last one."""

        def new() -> list[Message]:
            seen = self.sees(channel)
            since = seen.index(after) + 1 if after in seen else 0
            return [m for m in seen[since:] if m.author.bot and not m.loading]

        await self.server.until(lambda: bool(new()))
        return new()[0 if after is not None else -1]

    async def _act(
        self,
        kind: InteractionKind,
        where: Channel | None,
        data: Json,
        *,
        clicked: Message | None = None,
        wait: bool = True,
    ) -> Interaction:
        world = self.server.world
        number = world.new_id()
        interaction = Interaction(
            number, f"token-{number}", kind, self.member, where or self.dm, world.clock.now, data
        )
        interaction.clicked = clicked
        world.interactions[interaction.token] = interaction
        await self.server.offer(interaction)
        if wait:
            await self.server.happens(interaction.settled)
        return interaction


def _filled_in(row: Json, left: dict[str, str]) -> Json:
    """A row or a label of a form as it is sent back."""
    inputs = [row["component"]] if "component" in row else row.get("components") or []
    sent: list[Json] = []
    for part in inputs:
        label = part.get("label") or row.get("label")
        key = next((key for key in (part.get("custom_id"), label) if key in left), None)
        value = left.pop(key) if key is not None else part.get("value") or ""
        if part["type"] == TEXT_INPUT:
            _check_text(part, label, value)
        sent.append({"type": part["type"], "custom_id": part["custom_id"], "value": value})
    if "component" in row:
        return {"type": row["type"], "component": sent[0]}
    return {"type": row["type"], "components": sent}


def _check_text(part: Json, label: str | None, value: str) -> None:
    """Refuse, as the client does, what the input does not take."""
    if part.get("required", True) and not value:
        raise LookupError(f"{label} has to be filled in")
    if len(value) > (part.get("max_length") or 4000):
        raise LookupError(f"{label} takes no {len(value)} characters")
