"""What happened: history and journal of each book in one SQLite file."""
