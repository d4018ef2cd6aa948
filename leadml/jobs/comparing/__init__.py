"""Tables held against leads that they were not learned from, and against what sales thinks."""
