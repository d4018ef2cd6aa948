"""Where to hand leads to sales."""
