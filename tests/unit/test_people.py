"""What people decide about themselves, over a store that forgets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import LinkError
from core.models import AccountSettings, Language, UserKey
from core.records import ConsentKind, Verdict
from core.service.maeum import MaeumService
from core.service.people import LINK_CODE_VALID, WITHDRAWN
from tests.services import NOW, OTHER, USER, ask, say, service_over


@pytest.fixture
def service() -> MaeumService:
    return service_over()


async def agree(service: MaeumService, kind: ConsentKind, given: bool, seconds: int = 0) -> None:
    at = NOW + timedelta(seconds=seconds)
    await service.people.consent(USER, kind, given=given, now=at, text_version="1")


async def test_settings_are_kept(service: MaeumService) -> None:
    english = await service.people.change_settings(
        USER, lambda settings: replace(settings, language=Language.ENGLISH), now=NOW
    )
    assert english == AccountSettings(language=Language.ENGLISH)
    assert await service.people.settings(USER) == english
    assert await service.people.settings(OTHER) == AccountSettings()


async def test_settings_that_stay_leave_no_trace(service: MaeumService) -> None:
    await service.people.change_settings(USER, lambda settings: settings, now=NOW)
    assert await service.people.kept(USER) == {}


async def test_the_last_answer_to_a_question_counts(service: MaeumService) -> None:
    await agree(service, ConsentKind.IMPROVE, given=True)
    await agree(service, ConsentKind.IMPROVE, given=False, seconds=1)
    given = await service.people.consents(USER)
    assert {kind: consent.given for kind, consent in given.items()} == {ConsentKind.IMPROVE: False}


async def test_moods_of_the_past_are_kept_with_their_time(service: MaeumService) -> None:
    for hours in (0, 1, 30):
        await say(service, "슬픔", now=NOW + timedelta(hours=hours))
    points = await service.people.history(USER, NOW + timedelta(minutes=30))
    assert [point.at for point in points] == [NOW + timedelta(hours=hours) for hours in (1, 30)]


async def test_who_is_forgotten_leaves_no_row(service: MaeumService) -> None:
    await say(service, "슬픔")
    slate = (await ask(service)).slate
    assert slate is not None
    await service.votes.vote(USER, slate.items[0].impression, Verdict.UP, key="1", now=NOW)
    await agree(service, ConsentKind.IMPROVE, given=True)
    kept = await service.people.kept(USER)
    assert kept["impression"] == 5
    done = await service.people.forget(USER, now=NOW)
    assert (done.removed, done.left) == (kept, {})
    assert not any((await service.people.export(USER)).values())
    assert (await say(service, "슬픔")).first


async def test_others_stay_when_one_is_forgotten(service: MaeumService) -> None:
    await say(service, "슬픔", USER)
    await say(service, "행복", OTHER)
    await service.people.forget(USER, now=NOW)
    assert (await service.conversation.mood(OTHER, now=NOW)).mood is not None


async def test_two_accounts_become_one_person(service: MaeumService) -> None:
    await say(service, "슬픔", USER)
    code = await service.people.offer_link(USER, now=NOW)
    elsewhere = UserKey("discord", "7")
    await service.people.link(elsewhere, f" {code.code.lower()} ", now=NOW)
    here = await service.conversation.mood(USER, now=NOW)
    there = await service.conversation.mood(elsewhere, now=NOW)
    assert here.mood is not None
    assert there.mood is not None
    assert here.mood.coarse.tolist() == there.mood.coarse.tolist()


async def test_a_code_that_does_not_hold_is_refused(service: MaeumService) -> None:
    late = await service.people.offer_link(USER, now=NOW)
    with pytest.raises(LinkError):
        await service.people.link(OTHER, late.code, now=NOW + LINK_CODE_VALID)
    code = await service.people.offer_link(USER, now=NOW)
    for wrong in (late.code, "", "?", "A" * 10_000, "\ud800"):
        with pytest.raises(LinkError):
            await service.people.link(OTHER, wrong, now=NOW)
    with pytest.raises(LinkError):
        await service.people.link(USER, code.code, now=NOW)  # one's own


async def test_a_code_works_once(service: MaeumService) -> None:
    code = await service.people.offer_link(USER, now=NOW)
    await service.people.link(OTHER, code.code, now=NOW)
    with pytest.raises(LinkError):
        await service.people.link(UserKey("telegram", "9"), code.code, now=NOW)


@pytest.mark.parametrize("kind", list(ConsentKind))
async def test_a_consent_that_linking_takes_back_is_followed(
    service: MaeumService, kind: ConsentKind
) -> None:
    for each in (ConsentKind.UTTERANCES, ConsentKind.CORRECTIONS):
        await agree(service, each, given=True)
    await say(service, "슬픔 쿠쿠루삥뽕", USER)
    await service.corrections.correct(USER, "분노", reading=None, key="1", now=NOW)
    await agree(service, kind, given=True)
    await service.people.consent(
        OTHER, kind, given=False, now=NOW + timedelta(hours=1), text_version="1"
    )
    code = await service.people.offer_link(USER, now=NOW)
    await service.people.link(OTHER, code.code, now=NOW)
    kept = await service.people.kept(USER)
    assert bool(await service.updates.marker(WITHDRAWN)) == (kind is ConsentKind.IMPROVE)
    assert ("utterance" not in kept) == (kind is ConsentKind.UTTERANCES)
    assert ("correction" not in kept) == (kind is ConsentKind.CORRECTIONS)


async def test_a_link_that_comes_twice_is_made_once(service: MaeumService) -> None:
    code = await service.people.offer_link(USER, now=NOW)
    for _ in range(2):
        await service.people.link(OTHER, code.code, now=NOW, delivery="telegram:1:7")


async def test_who_is_forgotten_can_speak_again_under_an_old_update(service: MaeumService) -> None:
    await say(service, "슬픔", delivery="telegram:1:7")
    await service.people.forget(USER, now=NOW)
    assert (await say(service, "슬픔", delivery="telegram:1:7")).mood is None
    assert await service.people.kept(USER) == {}
