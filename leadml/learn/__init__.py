"""From a training frame to a point table: boosted shapes, rules, integers, and what was lost on the way."""
