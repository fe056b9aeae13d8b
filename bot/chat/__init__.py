"""What the bot says and offers, the same on every platform; how it looks is the platform's own."""
