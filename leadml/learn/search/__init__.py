"""Which values go together: from boosted shapes to few rules, chosen on leads left out."""
