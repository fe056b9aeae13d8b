from core.models import Mode
from core.recommend.taste import Leaning, describe_taste
from core.records import StandingVerdict, Verdict
from tests.catalogues import song
from tests.votes import NOW

SONGS = {
    each.id: each
    for each in [
        *(song(n, "토이", genres=("발라드",), year=2001 + n) for n in range(3)),
        *(song(n, "god", genres=("댄스",), year=2011) for n in range(10, 13)),
        song(20, "누구", genres=("록",)),
    ]
}


def said(number: int, verdict: Verdict) -> StandingVerdict:
    return StandingVerdict(f"melon:{number}", "", Mode.SIMILAR, verdict, NOW)


def test_nothing_is_told_without_votes() -> None:
    taste = describe_taste([], SONGS)
    assert (taste.likes, taste.dislikes, taste.liked, taste.disliked) == (0, 0, (), ())


def test_leanings_are_what_differs_from_the_persons_own_rate() -> None:
    votes = [*(said(n, Verdict.UP) for n in range(3)), *(said(n, Verdict.DOWN) for n in (10, 11))]
    taste = describe_taste([*votes, said(12, Verdict.NEVER_SONG)], SONGS)
    assert (taste.likes, taste.dislikes) == (3, 3)
    assert Leaning("artist", "토이", 3, 3, (3 - 0.5 * 3) / (4 + 3)) in taste.liked
    assert {leaning.name for leaning in taste.liked} == {"토이", "발라드", "2000"}
    assert {leaning.name for leaning in taste.disliked} == {"god", "댄스", "2010"}


def test_who_likes_everything_leans_nowhere() -> None:
    votes = [said(n, Verdict.UP) for n in (0, 1, 2, 10, 11)]
    assert describe_taste(votes, SONGS).liked == ()


def test_one_vote_is_no_leaning() -> None:
    votes = [said(20, Verdict.UP), said(10, Verdict.DOWN), said(11, Verdict.DOWN)]
    assert "누구" not in {leaning.name for leaning in describe_taste(votes, SONGS).liked}


def test_songs_that_left_the_catalogue_are_left_out() -> None:
    assert describe_taste([said(99, Verdict.UP)], SONGS).likes == 0
