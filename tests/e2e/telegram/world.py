"""What there is on the test server: people, groups, messages, and updates on their way."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.e2e.telegram.errors import bad_request, forbidden

__all__ = ["BOT_ID", "BOT_NAME", "Button", "Group", "Message", "Query", "Upload", "World"]

BOT_ID: Final = 7_000_000_001
BOT_NAME: Final = "maeum_test_bot"
START: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
PATIENCE_S: Final = 60
"""How long a test waits for what should come at once; a busy machine loads the model in 30 s."""
BY_DEFAULT: Final = frozenset(
    {
        *("message", "edited_message", "channel_post", "edited_channel_post", "inline_query"),
        *("chosen_inline_result", "callback_query", "my_chat_member", "poll", "poll_answer"),
    }
)
"""What Telegram sends a bot that does not say what it wants (the part that is played here)."""


@dataclass(frozen=True)
class Button:
    """A button of an inline keyboard."""

    text: str
    data: str | None = None
    url: str | None = None
    others: dict[str, Any] = field(default_factory=dict)

    def wire(self) -> dict[str, Any]:
        """As JSON."""
        given = {"text": self.text, "callback_data": self.data, "url": self.url, **self.others}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class Upload:
    """A file that is kept: of a photo, a document or a voice message."""

    id: str
    name: str
    content: bytes
    mime: str


@dataclass(eq=False)
class Message:
    """A message as everybody in the chat sees it now.

    Attributes:
        sender: the id of the person or bot.
        text: without markup; of a photo or document its caption.
        kind: "text", "photo", "document", "voice" or "service".
        edits: the texts it had before, oldest first.
        reactions: by the id of who reacted.
    """

    id: int
    chat_id: int
    sender: int
    text: str
    date: datetime
    kind: str = "text"
    entities: list[dict[str, Any]] = field(default_factory=list)
    buttons: list[list[Button]] = field(default_factory=list)
    upload: Upload | None = None
    duration: int = 0
    reply_to: "Message | None" = None
    service: dict[str, Any] = field(default_factory=dict)
    edits: list[str] = field(default_factory=list)
    edited_at: datetime | None = None
    deleted: bool = False
    reactions: dict[int, list[str]] = field(default_factory=dict)

    @property
    def from_bot(self) -> bool:
        """Whether the bot sent it."""
        return self.sender == BOT_ID

    @property
    def labels(self) -> list[str]:
        """The texts of all buttons, row by row."""
        return [button.text for row in self.buttons for button in row]

    def button(self, text: str) -> Button:
        """The first button whose text contains `text`."""
        for row in self.buttons:
            for button in row:
                if text in button.text:
                    return button
        raise AssertionError(f"no button {text!r} among {self.labels}")


@dataclass(eq=False)
class Group:
    """A chat: a private one, or a group with members."""

    id: int
    kind: str
    title: str
    members: set[int]
    admins: set[int] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    migrated_to: int | None = None
    reachable: bool = True
    started: bool = False

    @property
    def sent(self) -> list[Message]:
        """What the bot sent and did not delete."""
        return [message for message in self.messages if message.from_bot and not message.deleted]

    def message(self, message_id: int) -> Message | None:
        """One by its id; None where there is none any more."""
        found = (message for message in self.messages if message.id == message_id)
        return next((message for message in found if not message.deleted), None)

    def wire(self) -> dict[str, Any]:
        """As JSON."""
        name = "first_name" if self.kind == "private" else "title"
        return {"id": self.id, "type": self.kind, name: self.title}


@dataclass(eq=False)
class Query:
    """A tap on a button, or an inline query, that waits for its answer.

    Attributes:
        answer: the parameters of the bot's answer; None while there is none.
    """

    id: str
    asked_at: datetime
    lives: timedelta
    answer: dict[str, Any] | None = None

    @property
    def answered(self) -> bool:
        """Whether the bot answered."""
        return self.answer is not None

    @property
    def text(self) -> str:
        """The notice that a tap brought up; empty where there was none."""
        return str((self.answer or {}).get("text", ""))

    @property
    def results(self) -> list[dict[str, Any]]:
        """What an inline query brought."""
        found: list[dict[str, Any]] = (self.answer or {}).get("results", [])
        return found


class World:
    """Everything the server knows; `changed` is notified of each change."""

    def __init__(self) -> None:
        self.now = START
        self.chats: dict[int, Group] = {}
        self.people: dict[int, dict[str, Any]] = {}
        self.queries: dict[str, Query] = {}
        self.files: dict[str, Upload] = {}
        self.pending: list[dict[str, Any]] = []
        self.allowed: frozenset[str] = BY_DEFAULT
        self.profile: dict[tuple[str, str, str], Any] = {}
        self.webhook: dict[str, Any] | None = None
        self.poll = 0
        self.closed = False
        self.changed = asyncio.Condition()
        self._last_update = 1000
        self._last_id = 0

    def advance(self, seconds: float) -> None:
        """Move the test's clock on."""
        self.now += timedelta(seconds=seconds)

    def next_id(self) -> int:
        """An id for a message, a file or a query."""
        self._last_id += 1
        return self._last_id

    async def notify(self) -> None:
        """Wake all that wait for a change."""
        async with self.changed:
            self.changed.notify_all()

    async def until(self, true: Callable[[], bool], what: str = "") -> None:
        """Wait for something to become true.

        Raises:
            AssertionError: it did not in time.
        """
        try:
            async with asyncio.timeout(PATIENCE_S), self.changed:
                await self.changed.wait_for(true)
        except TimeoutError:
            shown = [[m.text for m in chat.messages[-3:]] for chat in self.chats.values()]
            raise AssertionError(
                f"waited in vain{f' for {what}' if what else ''}: {shown}"
            ) from None

    async def send_update(self, kind: str, content: dict[str, Any]) -> int | None:
        """Put an update on its way; None where the bot did not ask for that kind."""
        if kind not in self.allowed:
            await self.notify()
            return None
        self._last_update += 1
        self.pending.append({"update_id": self._last_update, kind: content})
        await self.notify()
        return self._last_update

    def confirm(self, offset: int) -> None:
        """Forget the updates before `offset`; a negative one keeps that many of the last."""
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [kept for kept in self.pending if kept["update_id"] >= offset]

    def chat(self, chat_id: int) -> Group:
        """A chat by its id."""
        return self.chats[chat_id]

    def writable(self, chat_id: int) -> Group:
        """The chat, if the bot may write there.

        Raises:
            RefusedError: it may not.
        """
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            problem = "group chat was upgraded to a supergroup chat"
            raise bad_request(problem, migrate_to_chat_id=chat.migrated_to)
        if chat.kind == "private" and not chat.reachable:
            raise forbidden("bot was blocked by the user")
        if chat.kind == "private" and not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if BOT_ID not in chat.members:
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        return chat

    def user(self, user_id: int) -> dict[str, Any]:
        """A person, or the bot, as JSON."""
        if user_id == BOT_ID:
            return {"id": BOT_ID, "is_bot": True, "first_name": "마음DJ", "username": BOT_NAME}
        return self.people[user_id]

    def add(self, message: Message) -> Message:
        """Put a message into its chat."""
        self.chats[message.chat_id].messages.append(message)
        return message

    def keep(self, name: str, content: bytes, mime: str) -> Upload:
        """Keep a file."""
        upload = Upload(f"file-{self.next_id()}", name, content, mime)
        self.files[upload.id] = upload
        return upload

    def wire(self, message: Message) -> dict[str, Any]:
        """A message as JSON."""
        told: dict[str, Any] = {
            "message_id": message.id,
            "date": int(message.date.timestamp()),
            "chat": self.chats[message.chat_id].wire(),
            "from": self.user(message.sender),
            **message.service,
            **_content(message),
        }
        if message.edited_at:
            told["edit_date"] = int(message.edited_at.timestamp())
        if message.reply_to:
            replied = self.wire(message.reply_to)
            replied.pop("reply_to_message", None)
            told["reply_to_message"] = replied
        if message.buttons:
            told["reply_markup"] = {"inline_keyboard": keyboard(message.buttons)}
        return told


def keyboard(buttons: Sequence[Sequence[Button]]) -> list[list[dict[str, Any]]]:
    """Buttons as JSON."""
    return [[button.wire() for button in row] for row in buttons]


def _content(message: Message) -> dict[str, Any]:
    words = {"text": message.text, "entities": message.entities}
    if message.kind == "text":
        return words if message.entities else {"text": message.text}
    told: dict[str, Any] = {}
    if message.text:
        told = {"caption": message.text, "caption_entities": message.entities}
    if message.upload is None:
        return told
    upload = message.upload
    file = {
        "file_id": upload.id,
        "file_unique_id": f"u{upload.id}",
        "file_size": len(upload.content),
    }
    if message.kind == "photo":
        return {**told, "photo": [{**file, "width": 800, "height": 600}]}
    if message.kind == "voice":
        return {**told, "voice": {**file, "duration": message.duration, "mime_type": upload.mime}}
    return {**told, "document": {**file, "file_name": upload.name, "mime_type": upload.mime}}
