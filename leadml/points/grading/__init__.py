"""Grades and actions: how dimensions are cut, and what is done with a lead."""
