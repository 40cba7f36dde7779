"""What the market says: snapshot types, the feed protocol, and the feeds behind it."""
