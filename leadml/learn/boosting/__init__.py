"""LightGBM and SHAP: the boosted models, and what they say of each value."""
