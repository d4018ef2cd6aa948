"""Valuing: what deals are worth, learned, compared, written and registered; and leads ranked by it."""
