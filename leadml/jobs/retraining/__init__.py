"""Retraining: a challenger from newer leads, compared with the champion on leads that neither has seen."""
