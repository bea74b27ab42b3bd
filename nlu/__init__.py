"""The ears: Rasa graph components that understand English and Spanish text."""
