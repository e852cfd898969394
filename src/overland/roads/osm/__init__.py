"""From a map to a network: OpenStreetMap extracts, read and made into segments."""
