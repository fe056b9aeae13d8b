"""People, who write, tap, react, and leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from tests.e2e.telegram.markup import found_entities
from tests.e2e.telegram.world import BOT_ID, Group, Message, Query, World

__all__ = ["Person"]

CALLBACK_LIVES: Final = timedelta(seconds=150)
INLINE_LIVES: Final = timedelta(seconds=30)


@dataclass(frozen=True)
class Person:
    """Somebody on Telegram; `chat` is the private chat with the bot.

    Every method comes back when the update is on its way, not when the bot has answered.
    """

    world: World
    id: int

    @property
    def chat(self) -> Group:
        """The private chat with the bot."""
        return self.world.chats[self.id]

    @property
    def hears(self) -> list[str]:
        """What the bot said in the private chat, oldest first."""
        return [message.text for message in self.chat.sent]

    async def answers(self, count: int = 1, *, after: Message | None = None) -> list[Message]:
        """Wait until the bot sent `count` messages after `after` (or at all), and return them."""
        since = after.id if after else 0

        def later() -> list[Message]:
            return [message for message in self.chat.sent if message.id > since]

        await self.world.until(lambda: len(later()) >= count, f"{count} messages")
        return later()

    async def says(
        self, text: str, *, chat: Group | None = None, reply_to: Message | None = None
    ) -> Message:
        """Send a text."""
        message = self._message(chat, text, "text", reply_to)
        message.entities = found_entities(text)
        await self.world.send_update("message", self.world.wire(message))
        return message

    async def edits(self, message: Message, text: str) -> None:
        """Change a message of this person's."""
        message.edits.append(message.text)
        message.text, message.entities = text, found_entities(text)
        message.edited_at = self.world.now
        await self.world.send_update("edited_message", self.world.wire(message))

    async def speaks(
        self, content: bytes, *, seconds: int = 3, mime: str = "audio/ogg", size: int | None = None
    ) -> Message:
        """Send a voice message; `size` is the one told, where it is not that of `content`."""
        message = self._message(None, "", "voice", None)
        message.upload = self.world.keep("voice.oga", content, mime)
        message.duration = seconds
        wire = self.world.wire(message)
        wire["voice"]["file_size"] = len(content) if size is None else size
        await self.world.send_update("message", wire)
        return message

    async def sends_photo(self, content: bytes, caption: str = "") -> Message:
        """Send a picture."""
        message = self._message(None, caption, "photo", None)
        message.upload = self.world.keep("photo.jpg", content, "image/jpeg")
        await self.world.send_update("message", self.world.wire(message))
        return message

    async def sends(self, content: dict[str, Any]) -> Message:
        """Send anything else: `{"sticker": {...}}`, as the Bot API spells it."""
        message = self._message(None, "", "other", None)
        await self.world.send_update("message", {**self.world.wire(message), **content})
        return message

    async def taps(self, message: Message, button_text: str) -> Query:
        """Tap the first button of the message whose text contains `button_text`."""
        button = message.button(button_text)
        assert button.data is not None, f"{button_text!r} is no callback button"
        return await self.taps_data(message, button.data)

    async def taps_data(self, message: Message, data: str) -> Query:
        """Tap a button with this data: an old one, or a forged one."""
        query = self._query(CALLBACK_LIVES)
        content = {
            "id": query.id,
            "from": self.world.user(self.id),
            "chat_instance": str(message.chat_id),
            "message": self.world.wire(message),
            "data": data,
        }
        await self.world.send_update("callback_query", content)
        return query

    async def reacts(self, message: Message, old: Sequence[str], new: Sequence[str]) -> None:
        """Change the reaction to a message; "custom:ID" is a custom emoji, "paid" a star."""
        message.reactions[self.id] = list(new)
        group = self.world.chats[message.chat_id]
        if group.kind != "private" and BOT_ID not in group.admins:
            return  # only administrators are told
        content = {
            "chat": group.wire(),
            "message_id": message.id,
            "user": self.world.user(self.id),
            "date": int(self.world.now.timestamp()),
            "old_reaction": [_reaction(emoji) for emoji in old],
            "new_reaction": [_reaction(emoji) for emoji in new],
        }
        await self.world.send_update("message_reaction", content)

    async def asks_inline(self, query: str, *, offset: str = "", place: str = "sender") -> Query:
        """Type `@bot query` somewhere."""
        asked = self._query(INLINE_LIVES)
        content = {
            "id": asked.id,
            "from": self.world.user(self.id),
            "query": query,
            "offset": offset,
            "chat_type": place,
        }
        await self.world.send_update("inline_query", content)
        return asked

    async def chooses(self, asked: Query, result_id: str, query: str = "") -> None:
        """Send a result of an inline query."""
        assert result_id in [result["id"] for result in asked.results]
        content = {"result_id": result_id, "from": self.world.user(self.id), "query": query}
        await self.world.send_update("chosen_inline_result", content)

    async def blocks(self) -> None:
        """Block the bot."""
        self.chat.reachable = False
        await self.changes_member(self.chat, "member", "kicked")

    async def unblocks(self) -> None:
        """Let the bot in again."""
        self.chat.reachable = True
        await self.changes_member(self.chat, "kicked", "member")

    async def adds_bot(self, group: Group, *, admin: bool = False) -> None:
        """Invite the bot into a group."""
        group.members.add(BOT_ID)
        if admin:
            group.admins.add(BOT_ID)
        await self.changes_member(group, "left", "administrator" if admin else "member")

    async def removes_bot(self, group: Group) -> None:
        """Throw the bot out of a group."""
        group.members.discard(BOT_ID)
        group.admins.discard(BOT_ID)
        await self.changes_member(group, "member", "kicked")

    async def upgrades(self, group: Group) -> Group:
        """Make a supergroup of a group: it gets another id, and both say so."""
        grown = Group(-1_000_000_000_000 + group.id, "supergroup", group.title, group.members)
        grown.admins = group.admins
        self.world.chats[grown.id] = grown
        service: dict[str, Any] = {"migrate_to_chat_id": grown.id}
        leaving = self._message(group, "", "service", None, service)
        group.migrated_to = grown.id
        await self.world.send_update("message", self.world.wire(leaving))
        service = {"migrate_from_chat_id": group.id}
        arriving = self._message(grown, "", "service", None, service)
        await self.world.send_update("message", self.world.wire(arriving))
        return grown

    async def changes_member(self, chat: Group, old: str, new: str) -> None:
        """Tell the bot of its own membership."""
        content = {
            "chat": chat.wire(),
            "from": self.world.user(self.id),
            "date": int(self.world.now.timestamp()),
            "old_chat_member": self._member(old),
            "new_chat_member": self._member(new),
        }
        await self.world.send_update("my_chat_member", content)

    def _member(self, status: str) -> dict[str, Any]:
        member: dict[str, Any] = {"user": self.world.user(BOT_ID), "status": status}
        if status == "kicked":
            member["until_date"] = 0
        if status == "administrator":
            rights = (
                *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages"),
                *("can_manage_video_chats", "can_restrict_members", "can_promote_members"),
                *("can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories"),
                "can_delete_stories",
            )
            member.update(dict.fromkeys(rights, False))
        return member

    def _query(self, lives: timedelta) -> Query:
        query = Query(f"q{self.world.next_id()}", self.world.now, lives)
        self.world.queries[query.id] = query
        return query

    def _message(
        self,
        chat: Group | None,
        text: str,
        kind: str,
        reply_to: Message | None,
        service: dict[str, Any] | None = None,
    ) -> Message:
        chat = chat or self.chat
        assert chat.migrated_to is None, "nobody can write to a group that became a supergroup"
        if chat.kind == "private":
            chat.started = chat.reachable = True
        message = Message(self.world.next_id(), chat.id, self.id, text, self.world.now, kind)
        message.reply_to, message.service = reply_to, service or {}
        return self.world.add(message)


def _reaction(emoji: str) -> dict[str, Any]:
    if emoji == "paid":
        return {"type": "paid"}
    if emoji.startswith("custom:"):
        return {"type": "custom_emoji", "custom_emoji_id": emoji.removeprefix("custom:")}
    return {"type": "emoji", "emoji": emoji}
