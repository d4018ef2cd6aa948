"""Monitoring: what became of scored leads, and whether the table still divides them."""
