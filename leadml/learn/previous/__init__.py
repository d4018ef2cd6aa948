"""Retraining that starts from the table in use and changes a row only on evidence."""
