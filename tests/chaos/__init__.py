"""The fault suite: real processes, killed at random moments while many people write to them."""
