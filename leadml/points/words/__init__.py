"""Rules and reasons in words, in every language that has a file."""
