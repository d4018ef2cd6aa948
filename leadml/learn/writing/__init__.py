"""From effects to a point table in integers."""
