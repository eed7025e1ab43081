"""One file a kind of experiment; the registry names them without importing torch."""
