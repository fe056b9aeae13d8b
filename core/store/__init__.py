"""Where the people the bot knows are kept."""
