"""Draws the pictures of the documentation from real conversations; `make pictures` runs it."""
