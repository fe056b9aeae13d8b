"""What belongs to a person: settings, consents, accounts, and all that is kept."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from core.emotion.state import StateConfig
from core.errors import LinkError
from core.linking import join
from core.models import AccountSettings, User, UserKey
from core.ports import UnitOfWork
from core.records import Consent, ConsentKind, MoodPoint
from core.service.choosing import SHOWN_KEPT
from core.service.conversation import SAID_KEPT
from core.service.moods import mood_config
from core.service.reminding import move_reminders
from core.service.safety import Safety
from core.service.transactions import Transactions

__all__ = ["LINK_CODE_VALID", "UNMATCHED_VALID", "WITHDRAWN", "Forgotten", "LinkCode", "People"]

LINK_CODE_VALID: Final = timedelta(minutes=10)
UNMATCHED_VALID: Final = timedelta(days=170)
"""Of a message that no reply fitted: looked for every week, it is gone within six months."""
WITHDRAWN: Final = "learning.withdrawn"
"""The marker that somebody whose votes may be in the learned model took the consent back."""
_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Of link codes: none that looks like another."""
_CODE_LENGTH: Final = 10
"""About 50 bits: not to be guessed within ten minutes."""


@dataclass(frozen=True)
class LinkCode:
    """A one-time code that makes another account the same person's."""

    code: str
    expires_at: datetime


@dataclass(frozen=True)
class Forgotten:
    """The proof that a person was forgotten.

    Attributes:
        removed: rows there were before, by table.
        left: rows there are now, counted anew, by table.
    """

    removed: Mapping[str, int]
    left: Mapping[str, int]


class People:
    """What people decide about themselves."""

    def __init__(self, transactions: Transactions, state: StateConfig, safety: Safety) -> None:
        """Start to listen.

        Args:
            transactions: of the store.
            state: how a mood is remembered.
            safety: is told which accounts are the same person's.
        """
        self._transactions = transactions
        self._state = state
        self._safety = safety

    async def person(self, user: UserKey) -> User:
        """The person as kept; a new one where the account is unknown."""
        return await self._transactions.person(user)

    async def settings(self, user: UserKey) -> AccountSettings:
        """What the user chose."""
        return (await self.person(user)).settings

    async def change_settings(
        self,
        user: UserKey,
        change: Callable[[AccountSettings], AccountSettings],
        *,
        now: datetime,
    ) -> AccountSettings:
        """Replace the settings by what `change` makes of them, and return them.

        With another time zone the person's reminders go by the clock there.
        """

        async def write(work: UnitOfWork) -> AccountSettings:
            person = await work.users.get(user)
            settings = change(person.settings)
            if settings != person.settings:
                await work.users.put(replace(person, settings=settings))
            if settings.time_zone not in (None, person.settings.time_zone):
                await move_reminders(work, person.person, settings.time_zone, now)
            return settings

        return await self._transactions.write(user, write)

    async def consents(self, user: UserKey) -> Mapping[ConsentKind, Consent]:
        """The user's last answer to each question that was answered."""

        async def look(work: UnitOfWork) -> Mapping[ConsentKind, Consent]:
            return await work.consents.latest((await work.users.get(user)).person)

        return await self._transactions.read(look)

    async def consent(
        self, user: UserKey, kind: ConsentKind, *, given: bool, now: datetime, text_version: str
    ) -> None:
        """Keep the user's answer to a question; what rested on a consent taken back goes.

        Kept messages and corrections go at once; votes leave the learned model when it is learned
        next.
        """

        async def write(work: UnitOfWork) -> None:
            person = await work.users.get(user)
            if person.version == 0:
                await work.users.put(person)
            before = (await work.consents.latest(person.person)).get(kind)
            await work.consents.add(Consent(person.person, kind, given, now, text_version))
            if not given and before is not None and before.given:
                await _withdraw(work, kind, (person.person,), now)

        await self._transactions.write(user, write)

    async def history(self, user: UserKey, since: datetime) -> list[MoodPoint]:
        """The user's moods from `since` on, oldest first."""

        async def look(work: UnitOfWork) -> list[MoodPoint]:
            return await work.history.since((await work.users.get(user)).person, since)

        return await self._transactions.read(look)

    async def kept(self, user: UserKey) -> Mapping[str, int]:
        """How many rows of each table are the user's; without those that have none."""

        async def look(work: UnitOfWork) -> Mapping[str, int]:
            return await work.records.count((await work.users.get(user)).person)

        return _some(await self._transactions.read(look))

    async def export(self, user: UserKey) -> dict[str, Any]:
        """Everything that is kept of the user, by table, as values JSON knows."""

        async def look(work: UnitOfWork) -> dict[str, Any]:
            return await work.records.export((await work.users.get(user)).person)

        return await self._transactions.read(look)

    async def forget(self, user: UserKey, *, now: datetime) -> Forgotten:
        """Remove everything that is kept of the person, through all of the person's accounts.

        What care remembers of these is forgotten as well.
        """

        async def erase(work: UnitOfWork) -> tuple[str, list[UserKey], Mapping[str, int]]:
            person = (await work.users.get(user)).person
            consent = (await work.consents.latest(person)).get(ConsentKind.IMPROVE)
            if consent is not None and consent.given:
                await work.markers.put(WITHDRAWN, now.isoformat())
            accounts = await work.users.accounts(user)
            removed = await work.records.count(person)
            await work.records.erase(person)
            return person, accounts, removed

        person, accounts, removed = await self._transactions.write(user, erase)
        self._safety.forget(accounts)

        async def count(work: UnitOfWork) -> Mapping[str, int]:
            return await work.records.count(person)

        left = await self._transactions.read(count)
        return Forgotten(_some(removed), _some(left))

    async def prune(self, *, now: datetime) -> None:
        """Remove the messages that were kept for long enough, everybody's."""
        before = now - UNMATCHED_VALID
        await self._transactions.write(None, lambda work: work.utterances.prune(before))

    async def offer_link(self, user: UserKey, *, now: datetime) -> LinkCode:
        """A new code to type on another platform; earlier ones lose their value."""
        code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
        expires_at = now + LINK_CODE_VALID

        async def write(work: UnitOfWork) -> None:
            person = await work.users.get(user)
            if person.version == 0:
                await work.users.put(person)
            await work.links.offer(code, person.person, expires_at)

        await self._transactions.write(user, write)
        return LinkCode(code, expires_at)

    async def link(
        self, user: UserKey, code: str, *, now: datetime, delivery: str | None = None
    ) -> None:
        """Make the user the same person as the one who was given the code, once a delivery.

        Of each consent the later answer counts. What rested on a consent that is taken back so
        goes, as if the person had taken it back. Who spoke of danger through one of the accounts
        is met with care through all.

        Raises:
            LinkError: the code is not known, was used, has expired, or is the user's own.
        """

        async def write(work: UnitOfWork) -> list[UserKey]:
            if delivery is not None and await work.deliveries.seen(delivery):
                return await work.users.accounts(user)
            owner = await work.links.redeem(code.strip().upper(), now)
            kept = None if owner is None else await work.users.of(owner)
            absorbed = await work.users.get(user)
            if kept is None or kept.person == absorbed.person:
                raise LinkError("the code cannot be used")
            config = mood_config(self._state, kept.settings)
            joined = join(kept, absorbed, config, shown=SHOWN_KEPT, said=SAID_KEPT)
            await _withdraw_between(work, kept.person, absorbed.person, now)
            accounts = await work.users.accounts(kept.key) + await work.users.accounts(user)
            await work.users.merge(joined, absorbed)
            if delivery is not None:
                await work.deliveries.add(delivery, now)
            return accounts

        accounts = await self._transactions.write(user, write)
        self._safety.join(accounts, now)


async def _withdraw_between(work: UnitOfWork, first: str, second: str, now: datetime) -> None:
    """Take back what one of two agreed to and the other refused later."""
    answers = [await work.consents.latest(person) for person in (first, second)]
    for kind in ConsentKind:
        given = [answer[kind] for answer in answers if kind in answer]
        if not given:
            continue
        last = max(given, key=lambda consent: consent.at)
        if not last.given and any(consent.given for consent in given):
            await _withdraw(work, kind, (first, second), now)


async def _withdraw(
    work: UnitOfWork, kind: ConsentKind, people: Iterable[str], now: datetime
) -> None:
    """Remove what rested on a consent; on `REPLIES` nothing does that is kept."""
    if kind is ConsentKind.IMPROVE:
        await work.markers.put(WITHDRAWN, now.isoformat())
    for person in people:
        if kind is ConsentKind.UTTERANCES:
            await work.utterances.remove(person)
        elif kind is ConsentKind.CORRECTIONS:
            await work.corrections.remove(person)


def _some(counts: Mapping[str, int]) -> dict[str, int]:
    return {table: count for table, count in counts.items() if count}
