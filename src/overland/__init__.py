"""Getting a state's people out of a country at risk of war, by land, with every one accounted for."""

__version__ = "0.1.0"
