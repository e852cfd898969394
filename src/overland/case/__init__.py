"""What we know: the domain model; reading, checking and writing the case folder."""
