"""What each page shows: one position, layer, signal, rule or figure, whole."""
