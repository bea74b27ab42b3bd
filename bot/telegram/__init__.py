"""The channel to Telegram, on python-telegram-bot."""
