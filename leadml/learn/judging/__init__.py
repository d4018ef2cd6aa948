"""What a point table keeps of the model, on leads that neither has seen."""
