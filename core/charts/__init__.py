"""A person's own mood in pictures, and in words."""
