"""What differs between two tables, and what that means for leads."""
