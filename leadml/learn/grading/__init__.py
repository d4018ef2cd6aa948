"""Grading a learned table as a person has set it, and keeping what its grades mean when it is learned again."""
