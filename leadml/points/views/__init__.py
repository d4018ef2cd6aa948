"""How a table is looked at: as text, as HTML, as a frame, feature by feature."""
