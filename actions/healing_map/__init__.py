"""The Healing Map: events and messages of healing, places, dates, search, pictures and files."""
