"""Where alerts go besides the program itself."""
