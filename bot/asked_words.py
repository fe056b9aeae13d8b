"""What a list was asked for by, as the sentence above its songs."""

from bot.texts import Texts
from core.models import AskedFor

__all__ = ["asked_words"]


def asked_words(asked: AskedFor, texts: Texts) -> str:
    """Says what the songs are, "아이유의 2010년대 신나는 발라드 노래예요."."""
    decades = [texts("asked.decade", year=year) for year in sorted(asked.decades)]
    decades += [texts("asked.year", year=year) for year in sorted(asked.years)]
    wish = [texts(f"wish.{asked.wish}")] if asked.wish else []
    language = [texts(f"asked.{asked.language}")] if asked.language else []
    subjects = [texts(f"asked.{subject}") for subject in asked.subjects]
    what = [*decades, *wish, *language, *subjects, "·".join(asked.genres)]
    words = "".join(f"{each} " for each in what if each)
    if asked.artists:
        return texts("songs.asked_by", artist=", ".join(asked.artists), what=words)
    if words:
        return texts("songs.asked", what=words)
    return texts("songs.aimed" if asked.read else "songs.named")
