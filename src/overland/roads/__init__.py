"""How one travels: roads in time."""
