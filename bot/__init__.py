"""The front door: Telegram, the terminal, and the process that holds everything together."""
