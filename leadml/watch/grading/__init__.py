"""How the cells of the grid of grades convert."""
