"""Ranking by expected value beside ranking by probability."""
