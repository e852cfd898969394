"""Mass flow: everybody of a whole city by roads that are too narrow for all, as early as possible."""
