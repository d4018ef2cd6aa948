"""Pictures of tables, leads and figures, drawn with matplotlib."""
