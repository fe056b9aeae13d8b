"""Makes the web addresses under which a song can be found. Nothing is looked up."""

from urllib.parse import quote

from core.models import Song

__all__ = ["melon_url", "song_url", "youtube_music_url"]


def youtube_music_url(song: Song) -> str:
    """YouTube Music's search for the artist and the title."""
    return "https://music.youtube.com/search?q=" + quote(f"{song.artist} {song.title}", safe="")


def melon_url(melon_id: int) -> str:
    """Melon's own page of a song."""
    return f"https://www.melon.com/song/detail.htm?songId={melon_id}"


def song_url(song: Song) -> str:
    """The address a song card shows first."""
    # Not `song.link`: a Melon page plays for Melon's subscribers only.
    return youtube_music_url(song)
