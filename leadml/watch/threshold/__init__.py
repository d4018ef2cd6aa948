"""From which score on to hand leads to sales, and what that brings."""
