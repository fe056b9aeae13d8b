"""The use cases: what a person can ask of the bot, on any platform."""
