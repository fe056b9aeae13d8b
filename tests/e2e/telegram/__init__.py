"""A local Bot API server: keeps chats, plays people, and refuses what Telegram refuses.

`server` speaks HTTP, `world` holds what there is, `people` act, `methods*` answer the bot.
"""

from tests.e2e.telegram.people import Person
from tests.e2e.telegram.server import TelegramServer, running_server
from tests.e2e.telegram.world import Button, Group, Message

__all__ = ["Button", "Group", "Message", "Person", "TelegramServer", "running_server"]
