"""Mutation testing; `make mutants` runs it."""
