"""Leads as small integers: what every step of learning reads."""
