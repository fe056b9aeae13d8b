"""Everything that knows no platform: emotion, songs, dialogue, and the use cases over them."""
