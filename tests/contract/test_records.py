"""What every store promises of moods of the past, answers, words, and of all of one person."""

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from core.corrections import Correction
from core.errors import ConflictError
from core.models import Mode, User, UserKey
from core.records import Consent, ConsentKind, MoodPoint, Verdict
from core.utterances import Utterance
from tests.keepsakes import (
    KEY,
    LATER,
    NOW,
    OTHER_KEY,
    OpenWork,
    impression,
    mood_state,
    person,
    reminder,
    say,
    shown_to,
    vote,
)

SECOND = timedelta(seconds=1)
TIMES = (("옛날", NOW - SECOND), ("이제", NOW), ("나중", LATER))


def correction(user: User, reading: str, chosen: str = "슬픔", seconds: int = 0) -> Correction:
    at = NOW + seconds * SECOND
    return Correction(reading, user.person, at, mood_state().mood.coarse, "m1", chosen)


async def full(open_work: OpenWork, key: UserKey = KEY) -> User:
    """Somebody of whom everything is kept that can be."""
    user = await person(open_work, key)
    shown = impression(user.person, "a")
    async with open_work() as work:
        await work.users.put(replace(user, state=mood_state(), shown=("a",)))
        await work.impressions.add([shown])
        await work.posts.add(f"{key.platform}:7", shown.id)
        await work.feedback.add(vote(shown))
        await work.history.add(MoodPoint(user.person, NOW, shown.mood, 0.25, -0.5))
        await work.consents.add(Consent(user.person, ConsentKind.UTTERANCES, True, NOW, "1"))
        await work.utterances.add(Utterance(user.person, "무슨 말인지", NOW))
        await work.corrections.put(correction(user, f"reading {key.platform}"))
        await work.links.offer(f"code {key.platform}", user.person, LATER)
        await work.reminders.put(reminder(user))
        await work.commit()
    return user


async def test_moods_come_back_oldest_first_from_a_day_on(open_work: OpenWork) -> None:
    user, other = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    coarse = mood_state().mood.coarse
    async with open_work() as work:
        for seconds in (3, 1, 2, 0):
            at = NOW + seconds * SECOND
            await work.history.add(MoodPoint(user.person, at, coarse, -1 / 3, seconds / 4))
        await work.history.add(MoodPoint(other.person, LATER, coarse, 0, 0))
        await work.commit()
    async with open_work() as work:
        found = await work.history.since(user.person, NOW + SECOND)
    assert [point.arousal for point in found] == [0.25, 0.5, 0.75]
    assert found[0].at == NOW + SECOND
    assert found[0].person == user.person
    assert found[0].valence == pytest.approx(-1 / 3, abs=1e-7)
    np.testing.assert_array_equal(found[0].coarse, coarse)
    assert not found[0].coarse.flags.writeable


async def test_a_mood_is_changed_where_it_stands_and_nowhere_else(open_work: OpenWork) -> None:
    user, other = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    coarse = mood_state().mood.coarse
    kept = [
        MoodPoint(user.person, NOW, coarse, 0.25, 0),
        MoodPoint(user.person, NOW, coarse, 0.5, 0, "a"),
        MoodPoint(user.person, NOW, coarse, 0.75, 0, "b"),
        MoodPoint(user.person, LATER, coarse, 1, 0, "c"),
        MoodPoint(other.person, NOW, coarse, 0.5, 0, "a"),
    ]
    async with open_work() as work:
        for point in kept:
            await work.history.add(point)
        await work.commit()
    async with open_work() as work:
        changed = [replace(point, valence=-point.valence) for point in kept[1:4:2]]
        await work.history.change(
            [*changed, replace(kept[2], at=LATER), replace(kept[2], reading="x")]
        )
        await work.commit()
    async with open_work() as work:
        found = await work.history.since(user.person, NOW)
        assert [(point.reading, point.valence) for point in found] == [
            *(("", 0.25), ("a", -0.5), ("b", 0.75), ("c", -1))
        ]
        assert [point.valence for point in await work.history.since(other.person, NOW)] == [0.5]


async def test_the_last_correction_of_a_reading_stands(open_work: OpenWork) -> None:
    user, other = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    async with open_work() as work:
        for kept in (
            correction(user, "a"),
            correction(user, "b", "분노", 1),
            correction(other, "c"),
        ):
            await work.corrections.put(kept)
        await work.commit()
    async with open_work() as work:
        await work.corrections.put(correction(user, "a", "공포", 2))
        await work.commit()
    async with open_work() as work:
        found = await work.corrections.of(user.person)
        assert [(each.reading, each.chosen) for each in found] == [("b", "분노"), ("a", "공포")]
        assert (found[1].at, found[1].model_version) == (NOW + 2 * SECOND, "m1")
        np.testing.assert_array_equal(found[1].read, mood_state().mood.coarse)
        await work.corrections.remove(user.person)
        await work.commit()
    async with open_work() as work:
        assert await work.corrections.of(user.person) == []
        assert len(await work.corrections.of(other.person)) == 1


async def test_the_last_answer_counts_for_each_question(open_work: OpenWork) -> None:
    user = await person(open_work)
    answers = [
        Consent(user.person, ConsentKind.IMPROVE, True, LATER, "2"),
        Consent(user.person, ConsentKind.IMPROVE, False, NOW, "1"),
        Consent(user.person, ConsentKind.UTTERANCES, False, NOW, "1"),
    ]
    async with open_work() as work:
        assert await work.consents.latest(user.person) == {}
        for consent in answers:
            await work.consents.add(consent)
        await work.commit()
    async with open_work() as work:
        assert await work.consents.latest(user.person) == {
            ConsentKind.IMPROVE: answers[0],
            ConsentKind.UTTERANCES: answers[2],
        }


async def test_utterances_are_kept_and_removed_by_person(open_work: OpenWork) -> None:
    user, other = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    kept = [Utterance(user.person, text, NOW) for text in ("첫째", "둘째")]
    async with open_work() as work:
        for utterance in (*kept, Utterance(other.person, "남의 말", NOW)):
            await work.utterances.add(utterance)
        await work.commit()
    async with open_work() as work:
        assert await work.utterances.of(user.person) == kept
        await work.utterances.remove(user.person)
        await work.commit()
    async with open_work() as work:
        assert await work.utterances.of(user.person) == []
        assert len(await work.utterances.of(other.person)) == 1


async def keep(open_work: OpenWork, *utterances: Utterance) -> None:
    async with open_work() as work:
        for utterance in utterances:
            await work.utterances.add(utterance)
        await work.commit()


async def test_of_utterances_the_newest_of_one_person_stay(open_work: OpenWork) -> None:
    user, other = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    mine = [Utterance(user.person, str(n), NOW + n * SECOND) for n in (3, 1, 0, 2)]
    await keep(open_work, *mine, Utterance(other.person, "남의 말", NOW - SECOND))
    async with open_work() as work:
        await work.utterances.add(Utterance(user.person, "4", NOW + 4 * SECOND))
        await work.utterances.keep_last(user.person, 3)
        await work.commit()
    async with open_work() as work:
        assert [kept.text for kept in await work.utterances.of(user.person)] == ["2", "3", "4"]
        assert len(await work.utterances.of(other.person)) == 1
        await work.utterances.keep_last(user.person, 3)
        await work.commit()
    async with open_work() as work:
        assert len(await work.utterances.of(user.person)) == 3


async def test_old_utterances_of_everybody_are_pruned(open_work: OpenWork) -> None:
    user, other = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    await keep(
        open_work,
        *(Utterance(each.person, text, at) for each in (user, other) for text, at in TIMES),
    )
    async with open_work() as work:
        await work.utterances.prune(NOW)
        await work.commit()
    async with open_work() as work:
        for each in (user, other):
            assert [kept.text for kept in await work.utterances.of(each.person)] == ["이제", "나중"]


async def test_only_utterances_of_people_who_agree_now_may_be_reviewed(
    open_work: OpenWork,
) -> None:
    answers = {"first": [True], "second": [True, False], "third": [False, True], "fourth": []}
    for number, (name, given) in enumerate(answers.items()):
        user = await person(open_work, UserKey("console", name))
        await keep(open_work, Utterance(user.person, name, NOW - number * SECOND))
        async with open_work() as work:
            for at, yes in enumerate(given):
                kind, when = ConsentKind.UTTERANCES, NOW + at * SECOND
                await work.consents.add(Consent(user.person, kind, yes, when, "1"))
            other = Consent(user.person, ConsentKind.IMPROVE, not given, LATER, "1")
            await work.consents.add(other)
            await work.commit()
    async with open_work() as work:
        assert [kept.text for kept in await work.utterances.agreed()] == ["third", "first"]


async def test_nothing_is_left_of_who_is_erased_and_all_of_the_others(open_work: OpenWork) -> None:
    user, other = await full(open_work, KEY), await full(open_work, OTHER_KEY)
    async with open_work() as work:
        before = await work.records.count(user.person)
        assert set(before.values()) == {1}
        others = await work.records.count(other.person)
        await work.records.erase(user.person)
        await work.commit()
    async with open_work() as work:
        assert await work.records.count(user.person) == dict.fromkeys(before, 0)
        assert await work.records.count(other.person) == others
        again = await work.users.get(KEY)
        assert (again.version, again.state) == (0, None)
        assert again.person != user.person
        assert await work.links.redeem("code console", NOW) is None
        assert await work.posts.impression("console:7") is None


async def test_a_vote_outlives_who_was_shown_the_song(open_work: OpenWork) -> None:
    asker, voter = await person(open_work, KEY), await person(open_work, OTHER_KEY)
    shown = impression(asker.person, "a", mode=Mode.OPPOSITE)
    await shown_to(open_work, shown)
    await say(open_work, vote(shown, person=voter.person))
    async with open_work() as work:
        await work.consents.add(Consent(voter.person, ConsentKind.IMPROVE, True, NOW, "1"))
        await work.records.erase(asker.person)
        await work.commit()
    async with open_work() as work:
        (verdict,) = await work.feedback.verdicts(voter.person)
        assert (verdict.song_id, verdict.mode, verdict.verdict) == ("a", Mode.OPPOSITE, Verdict.UP)
        (event,) = await work.feedback.agreed()
        assert event.mood is None
        assert await work.impressions.get(shown.id) is None


async def test_what_is_exported_is_all_there_is_in_plain_json(open_work: OpenWork) -> None:
    user = await full(open_work)
    await full(open_work, OTHER_KEY)
    async with open_work() as work:
        found = json.loads(json.dumps(await work.records.export(user.person)))
        counts = await work.records.count(user.person)
    assert {name: len(rows) for name, rows in found.items()} == {
        name: rows for name, rows in counts.items() if name != "post"
    }
    assert found["account"] == [{"platform": "console", "platform_id": "1"}]
    (kept,) = found["person"]
    assert (kept["id"], kept["shown"], kept["version"]) == (user.person, ["a"], 2)
    assert kept["state"]["mood"]["valence"] == -1 / 3
    (recent,) = kept["state"]["recent"]
    assert recent["coarse"] == mood_state().recent[0].scores.coarse.tolist()
    assert recent["read"] == mood_state().recent[0].read.tolist()
    assert (len(recent["fine"]), recent["left"], recent["model"]) == (44, 1 / 3, "m1")
    assert found["mood_point"][0]["mood"][-2:] == [0.25, -0.5]
    assert found["feedback"][0]["verdict"] == "up"
    assert found["impression"][0]["parts"] == {"mood": 0.25, "taste": 1 / 12}
    assert found["utterance"][0]["text"] == "무슨 말인지"
    assert found["correction"][0]["chosen"] == "슬픔"
    assert found["consent"][0]["at"] == NOW.isoformat()


async def test_what_comes_too_late_for_somebody_forgotten_is_refused(open_work: OpenWork) -> None:
    user = await full(open_work)
    async with open_work() as late, open_work() as work:
        await late.history.add(MoodPoint(user.person, LATER, mood_state().mood.coarse, 0, 0))
        await work.records.erase(user.person)
        await work.commit()
        with pytest.raises(ConflictError):
            await late.commit()
    async with open_work() as work:
        assert set((await work.records.count(user.person)).values()) == {0}
