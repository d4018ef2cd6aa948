"""What a point table is and means: values, invariants, scoring, reasons and displays."""
