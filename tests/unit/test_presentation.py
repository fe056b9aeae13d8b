import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.commands import Command
from bot.error_codes import error_code
from bot.errors import TooLongError, UndecodableError, UnknownCommandError, UsageError
from bot.readable import percent, readable_url, visible
from core.emotion.labels import COARSE
from core.errors import (
    BusyError,
    ConflictError,
    EmptyMessageError,
    InvalidCountError,
    ModelError,
    NothingShownError,
    UnknownMoodError,
)
from core.models import Contrast, CrisisKind, Language, Mode, ReasonKind, Reply, ReplyKind
from core.recommend.links import youtube_music_url
from tests.unit.console_fakes import HELP_LINES, SAD, mood, offered, presenter, reading, slate, song

LANGUAGES = list(Language)
ERRORS = [
    (EmptyMessageError(), "empty"),
    (UnknownMoodError(), "unknown_mood"),
    (InvalidCountError(20), "invalid_count"),
    (ConflictError(), "conflict"),
    (BusyError(), "busy"),
    (ModelError("no model"), "setup"),
    (UndecodableError(), "not_utf8"),
    (TooLongError(), "too_long"),
    (UnknownCommandError(None), "unknown_command"),
    (UnknownCommandError("노래"), "unknown_command"),
    (UsageError(Command.SONGS), "usage"),
    (ZeroDivisionError("secret"), "internal"),
]


def test_talk_says_the_lines_of_the_service() -> None:
    assert presenter().paragraphs(reading()) == ("많이 속상했겠어요.", "무슨 일이 있었어요?")


def test_a_crisis_says_the_help_lines_and_nothing_else() -> None:
    reply = Reply(ReplyKind.CRISIS, crisis=CrisisKind.SELF_HARM, card=True)
    assert presenter(Language.ENGLISH).paragraphs(reply) == HELP_LINES.card(
        CrisisKind.SELF_HARM, Language.ENGLISH
    )


def test_a_mood_is_said_in_words() -> None:
    (text,) = presenter().paragraphs(Reply(ReplyKind.MOOD, mood=SAD))
    assert text == (
        "지금 마음은 슬픔 62%, 담담함 16%, 두려움 14%예요. 무겁고 가라앉은 쪽으로 보여요. "
        "그 안에서 서러움, 절망이 보여요."
    )


def test_a_mood_is_said_in_english() -> None:
    (text,) = presenter(Language.ENGLISH).paragraphs(Reply(ReplyKind.MOOD, mood=SAD))
    assert text == (
        "Your mood is sadness 62%, calm 16%, fear 14% now. It seems heavy and low in energy. "
        "In it I see feeling wronged, despair."
    )


def test_an_unknown_mood_is_said_so() -> None:
    (text,) = presenter().paragraphs(Reply(ReplyKind.MOOD))
    assert text.startswith("아직")


@pytest.mark.parametrize("valence", [-0.5, 0.0, 0.5])
@pytest.mark.parametrize("arousal", [-0.5, 0.0, 0.5])
def test_every_place_on_the_plane_has_words(valence: float, arousal: float) -> None:
    paragraphs = {
        presenter().paragraphs(Reply(ReplyKind.MOOD, mood=mood(v, a, 중립=1)))
        for v, a in [(valence, arousal), (0.9, -0.9)]
    }
    assert len(paragraphs) == (1 if (valence, arousal) == (0.5, -0.5) else 2)


def test_faint_classes_are_not_called_leading() -> None:
    faint = mood(슬픔=0.85, 공포=0.09, 중립=0.06)
    assert presenter().leading(faint) == ["슬픔 85%"]


def test_even_a_flat_mood_has_a_leading_class() -> None:
    flat = mood(**dict.fromkeys(COARSE, 1 / 7))
    assert len(presenter().leading(flat)) == 3


def test_faint_fine_emotions_are_not_named() -> None:
    assert presenter().fine_names(mood(행복=1, fine_기쁨=0.29)) == []


def test_a_fine_emotion_that_is_a_class_is_not_named_again() -> None:
    assert presenter().fine_names(mood(슬픔=1, fine_슬픔=0.9, fine_절망=0.5)) == ["절망"]
    assert presenter().fine_names(mood(중립=1, fine_없음=0.9)) == []


@pytest.mark.parametrize("kind", list(ReasonKind))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_songs_of_a_slate_need_the_same_sentence(
    kind: ReasonKind, language: Language
) -> None:
    twins = slate([song(n) for n in range(20)], kind)
    whys = presenter(language).whys(twins)
    assert len(set(whys)) == 20
    assert all(why and "{" not in why for why in whys)


@pytest.mark.parametrize("kind", [ReasonKind.SHARED, ReasonKind.LIFT])
def test_lists_do_not_all_begin_with_the_same_sentence(kind: ReasonKind) -> None:
    lists = [slate([song(n) for n in range(first, first + 5)], kind) for first in range(0, 60, 5)]
    begun = [presenter().whys(each)[0] for each in lists]
    assert len(set(begun)) > 2
    assert begun == [presenter().whys(each)[0] for each in lists]


def test_a_number_before_any_list_is_answered_by_how_to_get_one() -> None:
    text = presenter().error(NothingShownError(0))
    assert "노래 추천해줘" in text
    assert presenter().error(NothingShownError(5)) != text


def test_not_every_sentence_counts_percent() -> None:
    whys = presenter().whys(slate([song(n) for n in range(5)], ReasonKind.SHARED))
    assert 0 < sum("62%" in why for why in whys) < 3


def test_a_sentence_that_names_something_is_for_songs_that_have_it() -> None:
    def whys(about: str | None = None) -> list[str]:
        (item,) = slate([song()], ReasonKind.TOPIC).items
        item = dataclasses.replace(item, reason=dataclasses.replace(item.reason, about=about))
        return presenter().whys(dataclasses.replace(slate([]), items=(item,)))

    assert whys() == ["적어주신 이야기와 가사의 결이 닮았어요."]
    assert whys("첫눈이 왔다") == ["“첫눈이 왔다” 하신 이야기와 가사가 닿아 있어요."]
    (long,) = whys("아주 " * 40 + "긴\u202e 이야기")
    assert len(long) < 60
    (cut,) = whys("I walked along the river until everything was quiet")
    assert "“I walked along the river…”" in cut
    assert long.isprintable()


def test_what_words_and_style_say_apart_is_said_once_a_list() -> None:
    items = [
        dataclasses.replace(
            item, reason=dataclasses.replace(item.reason, contrast=Contrast.BRIGHT_WORDS)
        )
        for item in slate([song(n) for n in range(3)]).items
    ]
    texts = presenter().texts
    ways = tuple(texts(key) for key in texts.variants("why.contrast.bright_words"))
    lists = [dataclasses.replace(slate([]), items=tuple(items[n:] + items[:n])) for n in range(3)]
    whys = [presenter().whys(each) for each in lists]
    for each in whys:
        assert [why.endswith(ways) for why in each] == [True, False, False]
    assert len({each[0].rpartition(". ")[2] for each in whys}) > 1  # not always the same words


def test_nobody_is_told_that_sadness_is_missing() -> None:
    for language in LANGUAGES:
        for kind in (ReasonKind.LIFT, ReasonKind.CALM):
            joy, grief = (
                presenter(language).whys(slate([song()], kind, emotion=emotion))
                for emotion in ("행복", "슬픔")
            )
            assert joy != grief
            assert not (set(joy) & set(presenter(language).texts.entries))
    assert "모자란" not in presenter().whys(slate([song()], ReasonKind.LIFT, emotion="슬픔"))[0]


@given(st.lists(st.tuples(st.sampled_from(list(ReasonKind)), st.sampled_from(COARSE)), max_size=20))
def test_sentences_are_different_whatever_the_reasons(
    reasons: list[tuple[ReasonKind, str]],
) -> None:
    items = [
        slate([song(n)], kind, emotion=emotion).items[0]
        for n, (kind, emotion) in enumerate(reasons)
    ]
    whys = presenter().whys(dataclasses.replace(slate([]), items=tuple(items)))
    assert len(set(whys)) == len(items)


def test_a_sentence_names_the_emotion_with_its_particle() -> None:
    shown = slate([song()], ReasonKind.SHARED, emotion="공포")
    assert presenter().whys(shown) == ["두려움이 62% 담긴 노래라 지금 마음과 닮았어요."]


def test_a_song_card_shows_the_facts_and_both_links() -> None:
    (card,) = presenter().cards(slate([song(7, genres=("발라드", "국내드라마", "성인가요"))]))
    assert (card.number, card.title, card.artist) == (1, "노래 7", "가수")
    assert card.facts == "2010 · 발라드 · 국내드라마"
    assert dict(card.links) == {
        "듣기": youtube_music_url(song(7)),
        "멜론": "https://www.melon.com/song/detail.htm?songId=7",
    }


def test_what_is_not_known_of_a_song_is_left_out() -> None:
    (card,) = presenter().cards(slate([song(genres=(), year=None, link=None)]))
    assert card.facts == ""
    assert [name for name, _ in card.links] == ["듣기"]


def test_a_song_card_is_safe_to_print() -> None:
    evil = "\x1b[31m제\u202e목\x9b\x07\n끝"
    (card,) = presenter().cards(
        slate([song(title=evil, artist=evil, genres=(evil,), link=f"https://a{evil}")])
    )
    shown = (card.title, card.artist, card.facts, *(url for _, url in card.links))
    assert all(text.isprintable() for text in shown)
    assert card.title == "[31m제목 끝"


@pytest.mark.parametrize(
    ("mode", "text"), [(Mode.SIMILAR, "닮은 노래"), (Mode.OPPOSITE, "다른 기분")]
)
def test_songs_are_introduced_by_how_they_relate_to_the_mood(mode: Mode, text: str) -> None:
    reply = dataclasses.replace(offered(), slate=slate([song()], mode=mode))
    assert text in presenter().paragraphs(reply)[0]


def test_an_empty_slate_is_said_so() -> None:
    assert "없어요" in presenter().paragraphs(offered())[0]


@pytest.mark.parametrize(("error", "code"), ERRORS)
def test_every_error_has_a_code(error: Exception, code: str) -> None:
    assert error_code(error) == code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_sentence_of_its_own(language: Language) -> None:
    sentences = [presenter(language).error(error) for error, _ in ERRORS]
    assert len(set(sentences)) == len(ERRORS)
    assert all("{" not in sentence for sentence in sentences)


def test_an_error_that_was_not_foreseen_keeps_its_message_to_itself() -> None:
    assert "secret" not in presenter().error(ZeroDivisionError("secret"))


def test_errors_say_what_helps() -> None:
    texts = presenter()
    assert "20곡" in texts.error(InvalidCountError(20))
    assert "no model" in texts.error(ModelError("no model"))
    assert "/노래를" in texts.error(UnknownCommandError("노래"))
    assert "[비슷한|반대" in texts.error(UsageError(Command.SONGS))


@given(st.text())
def test_visible_text_is_printable(text: str) -> None:
    assert visible(text).isprintable()


def test_visible_text_keeps_letters_emoji_and_spaces() -> None:
    assert visible("봄 day ㅠㅠ 🎵\t끝") == "봄 day ㅠㅠ 🎵 끝"


def test_an_address_is_readable() -> None:
    url = youtube_music_url(song(title="봄날 & [bold]?", artist="BTS (방탄)"))
    assert readable_url(url) == (
        "https://music.youtube.com/search?q=BTS+%28방탄%29+봄날+%26+%5Bbold%5D%3F"
    )


def test_signs_beyond_letters_are_readable_too() -> None:
    assert (
        readable_url("https://a/?q=%EB%B4%84%E2%80%A6%C2%A0%E2%99%A5") == "https://a/?q=봄…%C2%A0♥"
    )


@pytest.mark.parametrize("url", ["https://a/%C2%9B31m", "https://a/%E2%80%AE", "https://a/%FF"])
def test_an_address_stays_encoded_where_it_would_not_be_safe_to_print(url: str) -> None:
    assert readable_url(url) == url


@pytest.mark.parametrize(("share", "text"), [(0.0, "0%"), (0.624, "62%"), (1.0, "100%")])
def test_shares_are_whole_percent(share: float, text: str) -> None:
    assert percent(share) == text
