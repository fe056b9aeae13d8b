"""English names of the labels, for pictures drawn where no Korean font is installed."""

from collections.abc import Mapping
from typing import Final

__all__ = ["ENGLISH"]

ENGLISH: Final[Mapping[str, str]] = dict(
    line.split(" = ")
    for line in """\
행복 = happiness
분노 = anger
공포 = fear
혐오 = disgust
중립 = neutral
긴장 = tension
평화 = peace
불안 = anxiety
상처 = hurt
분노혐오 = anger, disgust
놀람공포 = surprise, fear
불평/불만 = complaint
환영/호의 = welcome
감동/감탄 = admiration
지긋지긋 = fed up
고마움 = gratitude
슬픔 = sadness
화남/분노 = fury
존경 = respect
기대감 = expectation
우쭐댐/무시함 = contempt
안타까움/실망 = disappointment
비장함 = resolve
의심/불신 = distrust
뿌듯함 = pride
편안/쾌적 = comfort
신기함/관심 = interest
아껴주는 = affection
부끄러움 = shame
공포/무서움 = terror
절망 = despair
한심함 = pathetic
역겨움/징그러움 = revulsion
짜증 = irritation
어이없음 = absurdity
없음 = no emotion
패배/자기혐오 = self-hatred
귀찮음 = reluctance
힘듦/지침 = exhaustion
즐거움/신남 = excitement
깨달음 = realisation
죄책감 = guilt
증오/혐오 = hatred
흐뭇함(귀여움/예쁨) = fondness
당황/난처 = embarrassment
경악 = shock
부담/안_내킴 = burden
서러움 = sorrow
재미없음 = boredom
불쌍함/연민 = compassion
놀람 = surprise
불안/걱정 = worry
기쁨 = joy
안심/신뢰 = relief""".splitlines()
)
