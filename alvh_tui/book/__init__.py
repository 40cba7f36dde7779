"""What the user holds: leg text, the model of a book, and loading it with problems by line."""
