"""A table for a segment, which leaves the table of all leads only on evidence."""
