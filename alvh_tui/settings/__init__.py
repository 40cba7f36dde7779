"""What the user has set for himself: one hand-edited file, read with problems by line."""
