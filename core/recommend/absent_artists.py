"""Artists whom many ask for and of whom a catalogue of Korean charts has few songs or none.

Their name and "노래" is a request ("에드 시런 노래"), where that of anybody else is talk
("할머니 노래").
"""

from typing import Final

from core.recommend.artists import letters

__all__ = ["is_known_elsewhere"]

_NAMES: Final = frozenset(
    (
        "에드시런 아델 콜드플레이 테일러스위프트 브루노마스 빌리아일리시 마룬파이브 마이클잭슨 "
        "비틀즈 저스틴비버 아리아나그란데 찰리푸스 이매진드래곤스 비욘세 레이디가가 위켄드 "
        "두아리파 샘스미스 해리스타일스 올리비아로드리고 라디오헤드 오아시스 리한나 에미넴 "
        "드레이크 시아 라우브 휘트니휴스턴 머라이어캐리 요네즈켄시 아이묭 요아소비 후지이카제 "
        "나훈아 조용필 이미자 "
        "edsheeran adele coldplay taylorswift brunomars billieeilish maroon5 michaeljackson "
        "thebeatles beatles justinbieber arianagrande charlieputh imaginedragons beyonce "
        "ladygaga theweeknd dualipa samsmith harrystyles oliviarodrigo radiohead oasis rihanna "
        "eminem drake sia lauv queen whitneyhouston mariahcarey yoasobi aimyon fujiikaze"
    ).split()
)
"""As `artists.letters` makes them. Songs are found first where the catalogue has any of theirs."""


def is_known_elsewhere(name: str) -> bool:
    """Whether this is an artist's name, though no song of the catalogue need be by that artist."""
    return letters(name) in _NAMES
