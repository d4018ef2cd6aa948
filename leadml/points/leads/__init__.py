"""What a table says of single leads: why, what changed, what to do next."""
