"""Every mode of the recommender over small catalogues made for the purpose."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.emotion.labels import COARSE, FINE
from core.errors import UnknownMoodError, UnknownSongError
from core.models import Contrast, EmotionScores, Mode, ReasonKind
from core.recommend.catalogue import Catalogue
from core.recommend.collaborative import BlendConfig
from core.recommend.exploration import ExplorationConfig
from core.recommend.fit import LikenessConfig
from core.recommend.learned import LearnedModel
from core.recommend.path import PathConfig
from core.recommend.personal import PersonalConfig, PersonalItem, PersonalRecommender
from core.recommend.query import Diary, DiaryPart, SongFilters, SongQuery
from core.recommend.recommender import RecommenderConfig
from core.records import Impression, StandingVerdict
from tests.catalogues import catalogue, distribution, mood, song
from tests.votes import NOW, learned, verdict

COUNT = 200
DRAWN = np.random.default_rng(3)
EVEN = catalogue(
    DRAWN.dirichlet(np.full(len(COARSE), 0.5), COUNT),
    valence=np.tile(np.linspace(-0.9, 0.9, 20), 10),
    arousal=np.repeat(np.linspace(-0.9, 0.9, 10), 20),
)
STILL = PersonalConfig(
    lists=RecommenderConfig(noise=0),
    exploration=ExplorationConfig(rate=0),
    path=PathConfig(noise=0),
    likeness=LikenessConfig(plane=0),
)
SAD = mood(슬픔=0.8)
LOW = replace(SAD, valence=-0.7)


def answer(
    songs: Catalogue,
    query: SongQuery,
    feeling: EmotionScores | None = SAD,
    config: PersonalConfig = STILL,
    *,
    model: LearnedModel | None = None,
    verdicts: tuple[StandingVerdict, ...] = (),
    seed: int = 0,
) -> list[PersonalItem]:
    recommender = PersonalRecommender(songs, model, config)
    return recommender.answer(feeling, query, (), verdicts, np.random.default_rng(seed))


def ids(items: list[PersonalItem]) -> list[int]:
    return [int(item.recommendation.song.id.removeprefix("melon:")) for item in items]


def kinds(items: list[PersonalItem]) -> list[ReasonKind]:
    return [item.recommendation.reason.kind for item in items]


# similar and opposite


def test_of_songs_alike_in_emotion_the_one_nearer_on_the_plane_comes_first() -> None:
    songs = catalogue(
        [distribution(슬픔=0.8)] * 12, valence=[0.9, 0.9, *[-0.6] * 10], arousal=[-0.5] * 12
    )
    config = replace(STILL, likeness=LikenessConfig(plane=0.35))
    assert set(ids(answer(songs, SongQuery(count=12), LOW, config))[-2:]) == {1, 2}
    assert set(ids(answer(songs, SongQuery(Mode.OPPOSITE, 12), LOW, config))[:2]) == {1, 2}


def test_the_classic_way_is_the_cosine_and_nothing_else() -> None:
    classic = replace(STILL, classic=True, likeness=LikenessConfig())
    liked = tuple(verdict(number) for number in range(1, 30))
    model = learned(EVEN, DRAWN.normal(size=(COUNT, 2)).astype(np.float32))
    items = answer(EVEN, SongQuery(count=20), SAD, classic, model=model, verdicts=liked)
    cosines = EVEN.coarse @ SAD.coarse / np.linalg.norm(EVEN.coarse, axis=1)
    assert ids(items) == [int(row) + 1 for row in np.argsort(-cosines)[:20]]
    assert all(item.score == item.parts["mood"] for item in items)


def test_the_classic_noise_is_one_knob() -> None:
    wild = replace(STILL, classic=True, lists=RecommenderConfig(noise=5))
    lists = [ids(answer(EVEN, SongQuery(), SAD, wild, seed=seed)) for seed in range(20)]
    assert len({number for each in lists for number in each}) > 40


# path


@pytest.mark.parametrize("feeling", [LOW, replace(mood(분노=0.8), valence=-0.6, arousal=0.5)])
def test_a_path_grows_brighter_by_small_steps(feeling: EmotionScores) -> None:
    rows = np.array(ids(answer(EVEN, SongQuery(Mode.PATH, 7), feeling))) - 1
    valence = EVEN.valence[rows]
    assert valence[-1] > valence[0] + 0.3
    assert np.diff(valence).min() > -0.2
    assert np.abs(np.diff(valence)).max() < 0.6


def test_a_path_of_a_bright_mood_stays() -> None:
    happy = replace(mood(행복=0.9), valence=0.9, arousal=0.3)
    songs = catalogue(
        [distribution(행복=0.9)] * 10 + [distribution(슬픔=0.9)] * 10,
        valence=[0.5] * 10 + [-0.5] * 10,
    )
    items = answer(songs, SongQuery(Mode.PATH), happy)
    assert max(ids(items)) <= 10
    assert set(kinds(items)) == {ReasonKind.STAY}


def test_the_steps_of_a_path_say_what_is_true_of_them() -> None:
    items = answer(EVEN, SongQuery(Mode.PATH, 9), LOW)
    rows = np.array(ids(items)) - 1
    assert kinds(items)[0] is ReasonKind.START
    for row, kind in zip(rows[1:], kinds(items)[1:], strict=True):
        if kind is ReasonKind.BRIGHTEN:
            assert EVEN.valence[row] > EVEN.valence[rows[0]]
        if kind is ReasonKind.SETTLE:
            assert EVEN.arousal[row] < EVEN.arousal[rows[0]]
    assert ReasonKind.BRIGHTEN in kinds(items)


def test_no_artist_comes_twice_on_a_path_where_there_are_others() -> None:
    same = replace(EVEN, songs=tuple(song(n, f"가수 {n % 9}") for n in range(1, COUNT + 1)))
    artists = [i.recommendation.song.artist for i in answer(same, SongQuery(Mode.PATH, 9), LOW)]
    assert len(set(artists)) == 9


# diary


def diary_catalogue() -> Catalogue:
    meaning = np.zeros((120, 4), np.int8)
    meaning[:60, 0] = 127
    meaning[60:, 1] = 127
    return catalogue(
        [distribution(슬픔=0.9 - n / 1000 if n % 2 else 0.15) for n in range(120)], meaning=meaning
    )


def diary(axis: int) -> Diary:
    axes = np.eye(4, dtype=np.float32)
    parts = (DiaryPart("비가 왔다", axes[0]), DiaryPart("바다에 갔다", axes[1]))
    return Diary("긴 하루", axes[axis], parts)


@pytest.mark.parametrize("axis", [0, 1])
def test_a_diary_finds_songs_of_its_emotion_that_tell_of_the_same(axis: int) -> None:
    items = answer(diary_catalogue(), SongQuery(Mode.DIARY, diary=diary(axis)))
    assert len(items) == 3
    for number, item in zip(ids(items), items, strict=True):
        assert (number - 1) % 2 == 1
        assert (number - 1) // 60 == axis
        assert item.parts["topic"] == pytest.approx(1)
        reason = item.recommendation.reason
        assert reason.kind is ReasonKind.TOPIC
        assert reason.about == ("비가 왔다", "바다에 갔다")[axis]


def test_parts_of_a_diary_about_as_near_take_turns() -> None:
    axes = np.eye(4, dtype=np.float32)
    close = (axes[0] + 0.1 * axes[2]) / np.linalg.norm(axes[0] + 0.1 * axes[2])
    parts = (DiaryPart("비가 왔다", axes[0]), DiaryPart("비를 맞았다", close))
    query = SongQuery(Mode.DIARY, diary=Diary("긴 하루", axes[0], parts))
    named = [item.recommendation.reason.about for item in answer(diary_catalogue(), query)]
    assert named[:2] == ["비가 왔다", "비를 맞았다"]


def test_a_diary_that_no_lyrics_are_near_to_goes_by_the_emotion() -> None:
    items = answer(diary_catalogue(), SongQuery(Mode.DIARY, diary=diary(3)))
    assert ReasonKind.TOPIC not in kinds(items)
    assert all((number - 1) % 2 for number in ids(items))


def test_words_are_compared_where_the_classic_way_is_set() -> None:
    plain = catalogue([distribution(슬픔=0.9)] * 3)
    vectors = plain.spaces.words.vectors(["가나다", "마바사", "라"])
    songs = replace(plain, words=np.rint(vectors * 127).astype(np.int8))
    config = replace(STILL, likeness=LikenessConfig(by_words=True))
    text = Diary("마바사", np.zeros(4, np.float32))
    assert ids(answer(songs, SongQuery(Mode.DIARY, 1, diary=text), config=config)) == [2]


# songs like one


def like_catalogue() -> Catalogue:
    """Song 1 is the seed; 2 has its words, 3 its genre, 4 both, 5 neither; all feel the same."""
    meaning = np.zeros((5, 4), np.int8)
    meaning[[0, 1, 3], 0] = 127
    meaning[[2, 4], 1] = 127
    genres = (("발라드",), ("댄스",), ("발라드",), ("발라드",), ("댄스",))
    return catalogue(
        [distribution(슬픔=0.8)] * 5,
        [song(n, genres=genre) for n, genre in enumerate(genres, 1)],
        meaning=meaning,
    )


def test_songs_like_one_share_its_words_before_its_genre() -> None:
    query = SongQuery(Mode.LIKE_SONG, 1, seed_song="melon:1")
    config = replace(STILL, likeness=LikenessConfig(near=1))
    (best,) = answer(like_catalogue(), query, None, config)
    assert ids([best]) == [4]
    assert best.parts["lyrics"] == pytest.approx(1)
    assert best.parts["genre"] == 1
    two = replace(query, count=2)
    assert set(ids(answer(like_catalogue(), two, None, config))) == {4, 2}


def test_of_the_nearest_the_emotionally_closest_come() -> None:
    meaning = np.zeros((12, 4), np.int8)
    meaning[:, 0] = 127
    shares = [0.9, *(0.1 + 0.07 * n for n in range(11))]
    songs = catalogue([distribution(슬픔=share) for share in shares], meaning=meaning)
    items = answer(songs, SongQuery(Mode.LIKE_SONG, 2, seed_song="melon:1"), None)
    assert ids(items) == [12, 11]


@pytest.mark.parametrize(
    ("config", "kind", "about"),
    [
        (LikenessConfig(), ReasonKind.WORDS, "노래 1"),
        (LikenessConfig(genre=3, lyrics=0.1), ReasonKind.STYLE, "발라드"),
    ],
)
def test_a_song_like_one_says_in_what(config: LikenessConfig, kind: ReasonKind, about: str) -> None:
    query = SongQuery(Mode.LIKE_SONG, 4, seed_song="melon:1")
    items = answer(like_catalogue(), query, None, replace(STILL, likeness=config))
    reason = items[ids(items).index(4)].recommendation.reason
    assert (reason.kind, reason.about) == (kind, about)


def test_a_song_that_is_not_in_the_catalogue_is_said_so() -> None:
    with pytest.raises(UnknownSongError):
        answer(EVEN, SongQuery(Mode.LIKE_SONG, seed_song="melon:999"), None)


# surprise


def test_a_surprise_fits_and_says_with_what_chance_it_came() -> None:
    config = replace(STILL, surprises=12)
    items = answer(EVEN, SongQuery(Mode.SURPRISE), config=config)
    assert [item.propensity for item in items] == [1 / n for n in range(12, 7, -1)]
    assert set(kinds(items)) == {ReasonKind.NEW}
    assert all(item.parts["explored"] for item in items)
    cosines = EVEN.coarse @ SAD.coarse / np.linalg.norm(EVEN.coarse, axis=1)
    fitting = set((np.argsort(-cosines)[: COUNT // 5 + 2] + 1).tolist())
    for seed in range(20):
        assert set(ids(answer(EVEN, SongQuery(Mode.SURPRISE), config=config, seed=seed))) <= fitting


def test_a_surprise_needs_no_mood_and_the_others_do() -> None:
    assert len(answer(EVEN, SongQuery(Mode.SURPRISE), None)) == 5
    for mode in (Mode.SIMILAR, Mode.OPPOSITE, Mode.PATH):
        with pytest.raises(UnknownMoodError):
            answer(EVEN, SongQuery(mode), None)


# all modes

QUERIES = [
    SongQuery(),
    SongQuery(Mode.OPPOSITE),
    SongQuery(Mode.PATH),
    SongQuery(Mode.SURPRISE),
    SongQuery(Mode.DIARY, 5, diary=diary(0)),
    SongQuery(Mode.LIKE_SONG, seed_song="melon:1"),
]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: str(query.mode))
def test_a_flagged_song_is_offered_to_nobody_who_is_low(query: SongQuery) -> None:
    flagged = replace(EVEN, flagged=np.arange(COUNT) % 4 > 0)
    safe = {n for n in range(1, COUNT + 1) if not flagged.flagged[n - 1]}
    curious = replace(STILL, exploration=ExplorationConfig(rate=0.5))
    for seed in range(5):
        items = answer(flagged, query, LOW, curious, seed=seed)
        assert items
        assert set(ids(items)) <= safe
        shown = {int(c.removeprefix("melon:")) for i in items for c in i.choices}
        assert shown <= safe


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: str(query.mode))
@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 20))
def test_every_mode_obeys_filters_and_repeats_nothing(
    query: SongQuery, seed: int, count: int
) -> None:
    songs = replace(
        EVEN, songs=tuple(song(n, genres=("댄스",) * (n % 2)) for n in range(1, COUNT + 1))
    )
    wanted = replace(query, count=count, filters=SongFilters(genres=("댄스",)))
    found = ids(answer(songs, wanted, SAD, PersonalConfig(), seed=seed))
    assert len(found) == len(set(found)) == count
    assert all(number % 2 for number in found)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: str(query.mode))
def test_nothing_is_found_where_nothing_passes(query: SongQuery) -> None:
    nothing = replace(query, filters=SongFilters(genres=("재즈",)))
    assert answer(EVEN, nothing, SAD, PersonalConfig()) == []


def test_the_same_seed_gives_the_same_list_in_every_mode() -> None:
    for query in QUERIES:
        one, other = (answer(EVEN, query, SAD, PersonalConfig(), seed=4) for _ in range(2))
        assert one == other


# what else orders songs


def test_familiar_songs_come_to_who_asks_for_them_and_unknown_ones_likewise() -> None:
    songs = replace(
        EVEN,
        songs=tuple(song(n, chart_months=n % 10 + 1, best_rank=50) for n in range(1, COUNT + 1)),
    )

    def months(familiarity: float) -> float:
        query = SongQuery(count=20, filters=SongFilters(familiarity=familiarity))
        items = answer(songs, query)
        return float(np.mean([item.recommendation.song.chart_months or 0 for item in items]))

    assert months(1) > months(0) + 0.5
    assert months(0) > months(-1) + 0.5
    hidden = answer(songs, SongQuery(count=20, filters=SongFilters(familiarity=-1)))
    assert ReasonKind.POPULAR not in kinds(hidden)
    assert ReasonKind.HIDDEN in kinds(hidden)
    familiar = answer(songs, SongQuery(count=20, filters=SongFilters(familiarity=1)))
    assert ReasonKind.POPULAR in kinds(familiar)
    assert ReasonKind.HIDDEN not in kinds(familiar)


def test_that_popular_songs_come_first_for_everybody_is_no_reason() -> None:
    songs = replace(
        EVEN, songs=tuple(song(n, chart_months=n, best_rank=1) for n in range(1, COUNT + 1))
    )
    strong = replace(STILL, blend=BlendConfig(popularity=0.5))
    assert set(kinds(answer(songs, SongQuery(count=20), SAD, strong))) == {ReasonKind.SHARED}


def test_the_popularity_prior_is_a_setting() -> None:
    songs = replace(
        EVEN, songs=tuple(song(n, chart_months=n, best_rank=1) for n in range(1, COUNT + 1))
    )
    plain = replace(STILL, blend=BlendConfig(popularity=0))
    assert all(item.parts["popularity"] == 0 for item in answer(songs, SongQuery(), SAD, plain))
    strong = replace(STILL, blend=BlendConfig(popularity=0.5))
    assert ids(answer(songs, SongQuery(), SAD, strong)) != ids(
        answer(songs, SongQuery(), SAD, plain)
    )


def test_a_list_is_diverse_in_words() -> None:
    meaning = np.zeros((60, 4), np.int8)
    meaning[:50, 0] = 127
    meaning[50:, 1] = 127
    shares = [0.8] * 50 + [0.78] * 10
    songs = catalogue(
        [*(distribution(슬픔=share) for share in shares), *[distribution(행복=0.9)] * 60],
        meaning=np.vstack([meaning, np.zeros((60, 4), np.int8)]),
    )
    same = replace(STILL, diversity=0.0)
    assert max(ids(answer(songs, SongQuery(), SAD, same))) <= 50
    assert max(ids(answer(songs, SongQuery(), SAD, STILL))) > 50


# reasons


def test_the_reason_names_the_largest_contribution() -> None:
    factors = np.zeros((COUNT, 2), np.float32)
    factors[::2, 0] = 3
    model = learned(EVEN, factors)
    liked = tuple(verdict(number) for number in range(1, 40, 2))
    seen = set()
    for weight in (0.0, 0.03):
        config = replace(STILL, blend=BlendConfig(popularity=weight))
        for item in answer(EVEN, SongQuery(count=20), SAD, config, model=model, verdicts=liked):
            row = ids([item])[0] - 1
            reason = item.recommendation.reason
            seen.add(reason.kind)
            assert (reason.kind is ReasonKind.TASTE) <= (item.parts["taste"] > 0)
            assert (row % 2 == 0) or reason.kind is not ReasonKind.TASTE
    assert seen == {ReasonKind.SHARED, ReasonKind.TASTE}


def test_a_taste_is_named_by_what_was_liked() -> None:
    songs = replace(
        EVEN,
        songs=tuple(
            song(n, genres=("댄스",) if n % 2 else ("발라드",)) for n in range(1, COUNT + 1)
        ),
    )
    factors = np.zeros((COUNT, 2), np.float32)
    factors[::2, 0] = 3
    verdicts = (
        *(verdict(n) for n in range(1, 40, 2)),
        *(verdict(n, liked=False) for n in range(2, 20, 2)),
    )
    items = answer(songs, SongQuery(count=20), model=learned(songs, factors), verdicts=verdicts)
    named = {
        i.recommendation.reason.about for i in items if i.recommendation.reason.kind == "taste"
    }
    assert named == {"댄스"}


def test_what_was_tried_says_so() -> None:
    curious = replace(STILL, exploration=ExplorationConfig(rate=0.9))
    items = answer(EVEN, SongQuery(), SAD, curious)
    tried = [bool(item.parts["explored"]) for item in items]
    assert [kind is ReasonKind.NEW for kind in kinds(items)] == tried
    assert any(tried)


@pytest.mark.parametrize(
    ("emotion", "contrasts"),
    [
        ("놀람", [Contrast.BRIGHT_WORDS, Contrast.DARK_WORDS, None]),
        # "슬픔이 80% 담긴 노래예요. 가사는 희망적이지만" would be believed by nobody.
        ("슬픔", [None, Contrast.DARK_WORDS, None]),
        ("행복", [Contrast.BRIGHT_WORDS, None, None]),
    ],
)
def test_a_reason_says_where_words_and_style_part(
    emotion: str, contrasts: list[Contrast | None]
) -> None:
    songs = catalogue(
        [distribution(**{emotion: 0.8})] * 3,
        lyric_valence=[0.6, -0.6, 0.6],
        style_valence=[-0.4, 0.5, 0.4],
    )
    items = answer(songs, SongQuery(), mood(**{emotion: 0.9}))
    items = sorted(items, key=lambda item: item.recommendation.song.id)
    assert [item.recommendation.reason.contrast for item in items] == contrasts


def test_a_fine_emotion_is_named_where_it_is_of_the_same_kind_and_kind() -> None:
    places = [FINE.index(name) for name in ("서러움", "절망", "즐거움/신남")]
    songs = catalogue(
        [distribution(슬픔=0.8)] * 2,
        top_fine=[places, [places[1], places[2], FINE.index("역겨움/징그러움")]],
    )
    items = sorted(answer(songs, SongQuery()), key=lambda item: item.recommendation.song.id)
    assert [item.recommendation.reason.fine for item in items] == ["서러움", None]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: str(query.mode))
def test_a_reason_can_be_given_again_later_without_what_it_quoted(query: SongQuery) -> None:
    recommender = PersonalRecommender(EVEN, None, PersonalConfig())
    items = recommender.answer(SAD, query, (), (), np.random.default_rng(2))
    for rank, item in enumerate(items):
        shown = Impression(
            id="1",
            person="p",
            slate="s",
            song_id=item.recommendation.song.id,
            artist=item.recommendation.song.artist,
            rank=rank,
            score=item.score,
            parts=item.parts,
            propensity=item.propensity,
            mood=SAD.coarse.copy(),
            mode=query.mode,
            model_version="",
            catalogue_version=EVEN.version,
            shown_at=NOW,
        )
        again, then = recommender.explain(shown), item.recommendation
        assert again.score == pytest.approx(then.score)
        assert again.reason.kind is then.reason.kind
        assert again.reason.about is None
        if query.mode in (Mode.SIMILAR, Mode.OPPOSITE):
            assert again.reason == then.reason
