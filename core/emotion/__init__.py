"""From what a person wrote to a rolling emotion vector."""
