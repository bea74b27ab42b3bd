"""The hands: what Rasa runs when it is the assistant's turn."""
