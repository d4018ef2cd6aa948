"""Training: from a history of leads to a version that is learned, judged, written and registered."""
