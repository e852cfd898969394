"""Searches over flat arrays: fastest times and ways, with and without regard to when roads close."""
