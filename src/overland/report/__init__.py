"""Pages that show a plan to people."""
