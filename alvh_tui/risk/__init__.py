"""What the book is worth and where it breaks: marks, Greeks, breakevens, scenarios, the spot–vol link."""
