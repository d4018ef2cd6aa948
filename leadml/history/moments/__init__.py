"""Which lead is scored when, with which outcome; and how many leads were left out on the way, and why."""
