"""What the bot says between messages and songs."""
