"""Recommends songs for a text or a given distribution, with every part of the scores.

    python -m scripts.recommend --text "오늘 너무 지쳤어" [--json] [--mode opposite] [-k 5]
    python -m scripts.recommend --vector '{"슬픔": 0.7, "행복": 0.1}'
    python -m scripts.recommend --mode like_song --song "아이유 - 밤편지"
                                [--genre 발라드] [--decade 2010] [--language korean|mixed]
                                [--familiarity -1..1] [--refine brighter] [--seed 1] [--classic]

Beside a song stand the score by which the list is ordered and the match before votes. A match is a
cosine (0 to 1) less what the song is apart on the plane; votes, charts and a diary's topic add to
the score, so that it may be above 1. --json gives the cosine itself as parts.mood.

A text is read by the emotion model, and nothing of it is kept. The same seed gives the same list.
A refinement is tapped under the list that the rest of the question gives.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bot.config import limit_threads

limit_threads()

import numpy as np

from bot.bootstrap import load_presenters
from core.emotion.classifier import Classifier
from core.emotion.labels import AROUSAL, COARSE, FINE, FINE_TO_COARSE, VALENCE
from core.errors import EmptyMessageError, MaeumError, UnknownMoodError, UnknownSongError
from core.models import EmotionScores, Language, Mode, Slate
from core.recommend.candidates import match_genres
from core.recommend.catalogue import Catalogue
from core.recommend.diary import diary_parts, read_diary
from core.recommend.exploration import ExplorationConfig
from core.recommend.fit import LikenessConfig
from core.recommend.personal import PersonalConfig, PersonalItem, PersonalRecommender
from core.recommend.query import Diary, Refinement, SongFilters, SongLanguage, SongQuery
from core.recommend.search import SongSearch

__all__ = ["main", "mood_of"]

ROOT: Final = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _options(arguments)
    try:
        mood, diary = _mood(options)
        catalogue = Catalogue.load(options.catalogue)
        recommender = PersonalRecommender(catalogue, None, _config(options))
        query = _query(options, catalogue, recommender, diary)
        items = _answer(recommender, mood, query, options)
    except (MaeumError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    _show(options, catalogue, mood, items)
    return 0


def mood_of(shares: object) -> EmotionScores:
    """The scores that a distribution over `labels.COARSE` stands for.

    Valence and arousal are the means over the fine emotions behind each class.

    Raises:
        ValueError: a label is not known, or the shares are no distribution.
    """
    if not (isinstance(shares, dict) and shares.keys() <= set(COARSE)):
        raise ValueError(f"the vector has to be an object of shares of {', '.join(COARSE)}")
    try:
        vector = np.array([float(shares.get(name, 0)) for name in COARSE])
    except (TypeError, ValueError) as error:
        raise ValueError("the shares of the vector have to be numbers") from error
    if not np.isfinite(vector).all() or (vector < 0).any() or vector.sum() <= 0:
        raise ValueError("the shares of the vector have to be 0 or more, and one above 0")
    vector /= vector.sum()
    weights = FINE_TO_COARSE / FINE_TO_COARSE.sum(axis=0)
    return EmotionScores(
        coarse=vector.astype(np.float32),
        fine=np.zeros(len(FINE), np.float32),
        valence=float(vector @ (VALENCE @ weights)),
        arousal=float(vector @ (AROUSAL @ weights)),
    )


def _mood(options: argparse.Namespace) -> tuple[EmotionScores | None, Diary | None]:
    """What is known of the mood, and the diary where one is asked by."""
    if options.vector is not None:
        try:
            return mood_of(json.loads(options.vector)), None
        except json.JSONDecodeError as error:
            raise ValueError(f"the vector is no JSON: {error}") from error
    if options.text is None:
        return None, None
    parts = diary_parts(options.text) if options.mode is Mode.DIARY else []
    with closing(Classifier.load(options.model)) as classifier:
        readings = classifier.read_now([options.text, *parts])
    if readings[0] is None:
        raise EmptyMessageError("nothing in the text can be read")
    diary = read_diary(options.text, readings, parts) if options.mode is Mode.DIARY else None
    return readings[0].scores, diary


def _config(options: argparse.Namespace) -> PersonalConfig:
    rate = ExplorationConfig().rate if options.explore else 0.0
    return PersonalConfig(
        exploration=ExplorationConfig(rate=rate),
        likeness=LikenessConfig(by_words=options.classic),
        classic=options.classic,
    )


def _query(
    options: argparse.Namespace,
    catalogue: Catalogue,
    recommender: PersonalRecommender,
    diary: Diary | None,
) -> SongQuery:
    seed = None
    if options.mode is Mode.LIKE_SONG:
        matches = SongSearch(catalogue.songs).find(options.song or "", 1)
        if not matches:
            raise UnknownSongError("no song like that; give --song with a title or an artist")
        seed = matches[0].song.id
    genres: list[str] = []
    for name in options.genre:
        found = match_genres(name, recommender.genres)
        if not found:
            raise ValueError(f"no genre {name!r}; there are {', '.join(recommender.genres)}")
        genres += found
    filters = SongFilters(
        genres=tuple(genres),
        decades=tuple(options.decade),
        language=options.language,
        without_artists=tuple(options.without_artist),
        familiarity=options.familiarity,
    )
    if options.mode is Mode.DIARY and diary is None:
        raise ValueError("a diary is a text: give --text")
    return SongQuery(options.mode, options.count, filters, diary=diary, seed_song=seed)


def _answer(
    recommender: PersonalRecommender,
    mood: EmotionScores | None,
    query: SongQuery,
    options: argparse.Namespace,
) -> list[PersonalItem]:
    if mood is None and query.mode not in (Mode.LIKE_SONG, Mode.SURPRISE):
        raise UnknownMoodError("nothing is known of the mood: give --text or --vector")
    generator = np.random.default_rng(options.seed)
    shown: list[str] = []
    items = recommender.answer(mood, query, shown, (), generator)
    for taps in range(1, len(options.refine) + 1):
        anchor = tuple(item.recommendation.song.id for item in items)
        shown += anchor
        query = replace(query, refinements=tuple(options.refine[:taps]), anchor=anchor)
        items = recommender.answer(mood, query, shown, (), generator)
    return items


def _show(
    options: argparse.Namespace,
    catalogue: Catalogue,
    mood: EmotionScores | None,
    items: Sequence[PersonalItem],
) -> None:
    presenter = load_presenters()[Language(options.lang)]
    slate = Slate(options.mode, tuple(item.recommendation for item in items))
    whys = presenter.whys(slate)
    if options.json:
        rows = {song.id: row for row, song in enumerate(catalogue.songs)}
        songs = [
            _as_json(catalogue, rows, item, why) for item, why in zip(items, whys, strict=True)
        ]
        shown = {"mode": options.mode, "catalogue": catalogue.version, "mood": _mood_json(mood)}
        print(json.dumps({**shown, "songs": songs}, ensure_ascii=False, indent=1))
        return
    for number, (item, why) in enumerate(zip(items, whys, strict=True), start=1):
        song = item.recommendation.song
        facts = " · ".join([str(song.year or "?"), *song.genres])
        numbers = f"score {item.score:.3f}, match {item.recommendation.score:.3f}"
        print(f"{number}. {song.title} - {song.artist} ({facts})  {numbers}\n   {why}")


def _as_json(
    catalogue: Catalogue, rows: Mapping[str, int], item: PersonalItem, why: str
) -> dict[str, Any]:
    song, reason = item.recommendation.song, item.recommendation.reason
    row = rows[song.id]
    return {
        "id": song.id,
        "title": song.title,
        "artist": song.artist,
        "year": song.year,
        "genres": list(song.genres),
        "score": item.score,
        "fit": item.recommendation.score,
        "parts": dict(item.parts),
        "propensity": item.propensity,
        "valence": float(catalogue.valence[row]),
        "arousal": float(catalogue.arousal[row]),
        "emotions": dict(zip(COARSE, map(float, catalogue.coarse[row]), strict=True)),
        "reason": {
            "kind": reason.kind,
            "emotion": reason.emotion,
            "share": reason.share,
            "fine": reason.fine,
            "about": reason.about,
            "contrast": reason.contrast,
            "text": why,
        },
    }


def _mood_json(mood: EmotionScores | None) -> dict[str, Any] | None:
    if mood is None:
        return None
    emotions = dict(zip(COARSE, map(float, mood.coarse), strict=True))
    return {"valence": mood.valence, "arousal": mood.arousal, "emotions": emotions}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.recommend", description="Recommend songs."
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--text", help="what somebody writes")
    what.add_argument("--vector", help="shares of emotions, as JSON")
    parser.add_argument("--mode", type=Mode, choices=list(Mode), default=Mode.SIMILAR)
    parser.add_argument("--song", help="for like_song: a title, an artist, or both")
    parser.add_argument("-k", "--count", type=int, help="how many songs")
    parser.add_argument("--genre", action="append", default=[], help="one of these; repeatable")
    parser.add_argument("--decade", action="append", type=int, default=[], help="such as 2010")
    parser.add_argument("--language", type=SongLanguage, choices=list(SongLanguage))
    parser.add_argument("--without-artist", action="append", default=[], help="repeatable")
    parser.add_argument("--familiarity", type=float, default=0.0, help="-1 unknown to 1 familiar")
    parser.add_argument(
        "--refine", action="append", type=Refinement, choices=list(Refinement), default=[]
    )
    parser.add_argument("--explore", action="store_true", help="try some songs, as the bot does")
    parser.add_argument("--classic", action="store_true", help="plain cosine, noise and TF-IDF")
    parser.add_argument("--seed", type=int, default=0, help="of all randomness")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--lang", choices=list(Language), default=Language.KOREAN)
    parser.add_argument("--catalogue", type=Path, default=ROOT / "data/songs", help="folder")
    parser.add_argument("--model", type=Path, default=ROOT / "data/models/emotion", help="folder")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
