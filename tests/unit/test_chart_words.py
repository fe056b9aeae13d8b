"""What the pictures say, and their alt texts."""

from datetime import date, timedelta

import pytest

from bot.texts import Texts, load_texts
from core.charts import words as say
from core.charts.alt_text import LONGEST, history_in_words, mood_in_words, week_in_words
from core.charts.helped import LikedSong
from core.charts.summary import history, present_mood, week
from core.charts.values import Change, Share, Step
from core.models import Language
from tests.moods import LONG_TITLE, NOW, SEOUL, liked, liked_songs, mood, point, random_points

KOREAN, ENGLISH = load_texts(Language.KOREAN), load_texts(Language.ENGLISH)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=[KOREAN, ENGLISH], ids=["ko", "en"])
def texts(request: pytest.FixtureRequest) -> Texts:
    assert isinstance(request.param, Texts)
    return request.param


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.214, "+0.21"), (-0.65, "−0.65"), (0.0, "0.00"), (-0.001, "0.00"), (1.0, "+1.00")],
)
def test_numbers_have_their_sign(value: float, expected: str) -> None:
    assert say.signed(value) == expected


def test_days_are_named_in_the_language() -> None:
    first, last = date(2026, 10, 31), date(2026, 11, 1)
    assert say.period(KOREAN, first, last) == "10월 31일 – 11월 1일"
    assert say.period(ENGLISH, first, last) == "Oct 31 – Nov 1"
    assert say.period(ENGLISH, last, last) == "Nov 1"
    assert (say.weekday(KOREAN, last), say.weekday(ENGLISH, last)) == ("일", "Sun")


def test_fine_emotions_are_named_once_and_not_like_a_class(texts: Texts) -> None:
    fine = dict.fromkeys(
        ["화남/분노", "한심함", "증오/혐오", "서러움", "당황/난처", "절망", "짜증"], 0.9
    )
    names = say.fine_names(texts, present_mood(mood(fine=fine), now=NOW, zone=SEOUL))
    assert len(names) == len(set(names)) == 5
    assert not set(names) & {say.feeling(texts, label) for label in ("분노", "혐오", "슬픔")}


@pytest.mark.parametrize(
    ("rise", "said"),
    [
        (0.5, "기분이 밝아졌어요"),
        (0.1, "기분이 조금 밝아졌어요"),
        (0.04, "기분은 비슷했어요"),
        (-0.1, "기분이 조금 무거워졌어요"),
        (-0.5, "기분이 무거워졌어요"),
    ],
)
def test_a_change_is_said_as_large_as_it_is(rise: float, said: str) -> None:
    change = Change(Step(0.1, 0.1 + rise), Step(0, 0), None, None)
    sentence = say.change_sentences(KOREAN, change)[0]
    assert sentence == f"{said}(+0.10 → {say.signed(0.1 + rise)})."


def test_a_change_names_what_grew_and_what_shrank() -> None:
    change = Change(Step(0, 0), Step(0, 0), Share("행복", 0.12), Share("공포", -0.08))
    assert say.change_sentences(KOREAN, change)[2:] == [
        "행복이 12%p 늘었어요.",
        "두려움이 8%p 줄었어요.",
    ]
    assert say.change_sentences(ENGLISH, change)[2:] == [
        "More joy by 12 percentage points.",
        "Less fear by 8 percentage points.",
    ]


def test_without_a_week_before_there_is_nothing_to_compare(texts: Texts) -> None:
    assert say.change_sentences(texts, None) == [texts("charts.change.unknown")]


def test_names_of_songs_stay_on_one_line_without_what_cannot_be_seen() -> None:
    song = LikedSong("1", " 좋은\n\u202e 날\ud800\x00 ", "아이\u200b유\t", NOW)
    assert (say.title(song), say.artist(song)) == ("좋은 날", "아이유")


def test_the_mood_in_words_is_the_mood() -> None:
    fine = {"서러움": 0.5, "힘듦/지침": 0.7}
    shown = present_mood(mood(-0.65, -0.3, fine, 슬픔=0.62, 공포=0.3), now=NOW, zone=SEOUL)
    assert mood_in_words(shown, KOREAN) == (
        "11월 21일 21:30의 마음을 그린 도넛 그림이에요. 읽은 마음은 슬픔 62%, 두려움 30%, "
        "담담함 8%예요. 그 안에서 지친 마음, 서러움이 보여요. 무겁고 가라앉은 쪽으로 보여요. "
        "기분 −0.65, 기운 −0.30(−1부터 1까지)."
    )


def test_the_history_in_words_tells_of_days_and_songs() -> None:
    points = [point(NOW, 0.3, 행복=0.7), point(NOW - timedelta(days=4), -0.4, 슬픔=0.9)]
    shown = history(points, [liked(NOW)], now=NOW, zone=SEOUL, days=7)
    assert history_in_words(shown, KOREAN) == (
        "11월 15일 – 11월 21일 마음의 흐름을 그린 그림이에요. 7일 가운데 2일의 기록이 있어요. "
        "읽은 마음은 슬픔 45%, 행복 35%, 담담함 20%예요. 가장 밝은 날은 11월 21일(+0.30), "
        "가장 무거운 날은 11월 17일(−0.40)이에요. 이 무렵 좋아한 노래: 밤편지 - 아이유 (11월 21일)."
    )


def test_the_week_in_words_tells_of_days_changes_and_songs() -> None:
    points = [point(NOW - MINUTE, -0.4, 슬픔=0.9), point(NOW + MINUTE, 0.0, 슬픔=0.9)]
    shown = week(points, [liked(NOW)], now=NOW, zone=SEOUL)
    assert week_in_words(shown, ENGLISH) == (
        "A picture of your week, Nov 15 – Nov 21. Days with something said: 1 of 7. Sat: sadness. "
        "Feelings, the strongest first: sadness 90%, calm 10%. It seems a little heavy. "
        "Tone −0.20, energy 0.00 (from −1 to 1). There is nothing from the week before to compare "
        "with yet. Liked songs after which you felt brighter: 밤편지 - 아이유 (+0.40)."
    )


def test_nothing_is_said_to_be_nothing(texts: Texts) -> None:
    of_days = history_in_words(history([], [], now=NOW, zone=SEOUL), texts)
    of_week = week_in_words(week([], [], now=NOW, zone=SEOUL), texts)
    assert of_days.endswith(texts("charts.history.nothing"))
    assert of_week.endswith(texts("charts.week.nothing"))


def test_no_alt_text_is_longer_than_platforms_show(texts: Texts) -> None:
    songs = liked_songs([(LONG_TITLE, LONG_TITLE)] * 50, hours=3)
    points = random_points(1, 1000, 14)
    found = [
        history_in_words(history(points, songs, now=NOW, zone=SEOUL), texts),
        week_in_words(week(points, songs, now=NOW, zone=SEOUL), texts),
    ]
    assert max(map(len, found)) <= LONGEST
    assert all(texts("charts.more", count="").strip()[:3] in text for text in found)
