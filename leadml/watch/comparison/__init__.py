"""Two tables on the same leads, and the edits that would gain most."""
