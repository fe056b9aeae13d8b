"""All settings of the recommender in one value."""

from dataclasses import dataclass, field

from core.recommend.candidates import CandidateConfig
from core.recommend.collaborative import BlendConfig
from core.recommend.exploration import ExplorationConfig
from core.recommend.fit import LikenessConfig
from core.recommend.path import PathConfig
from core.recommend.plane import PlaneConfig
from core.recommend.recommender import RecommenderConfig

__all__ = ["PersonalConfig"]


@dataclass(frozen=True)
class PersonalConfig:
    """How lists are made.

    Attributes:
        lists: their length, and the noise that varies them; never more than a quarter of the
            blend's half width, so that noise says less than mood and votes.
        blend: of mood and votes.
        exploration: what is tried.
        candidates: what may come.
        likeness: how texts and songs are compared.
        plane: where opposites lie.
        path: where paths lead.
        diversity: the penalty for a song that is the same as a listed one, in half widths of
            the blend; 0 for none.
        surprises: songs a surprise is drawn from.
        classic: the mood's cosine and the noise alone decide, and nothing else is done: no votes,
            charts, variety or trying. The noise is `lists.noise`, whatever the mood.
    """

    lists: RecommenderConfig = field(default_factory=RecommenderConfig)
    blend: BlendConfig = field(default_factory=BlendConfig)
    exploration: ExplorationConfig = field(default_factory=ExplorationConfig)
    candidates: CandidateConfig = field(default_factory=CandidateConfig)
    likeness: LikenessConfig = field(default_factory=LikenessConfig)
    plane: PlaneConfig = field(default_factory=PlaneConfig)
    path: PathConfig = field(default_factory=PathConfig)
    diversity: float = 0.5
    surprises: int = 50
    classic: bool = False
