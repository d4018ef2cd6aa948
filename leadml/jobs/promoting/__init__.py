"""Promoting: which version is in use, moved by one write, and the pointer that names it."""
