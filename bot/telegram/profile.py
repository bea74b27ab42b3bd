"""What Telegram shows of the bot: its commands and descriptions, in every language."""

from __future__ import annotations

import logging

from telegram import Bot, BotCommand
from telegram.error import TelegramError

from actions.texts import LANGUAGES, text
from bot.turns import COMMANDS

log = logging.getLogger(__name__)


async def register_profile(bot: Bot) -> None:
    """Register commands and descriptions; where Telegram refuses, the old ones stay."""
    try:
        for language in LANGUAGES:
            # The default language is registered without a code, for everybody else.
            code = None if language == LANGUAGES[0] else language
            await bot.set_my_commands(commands_in(language), language_code=code)
            await bot.set_my_description(text("bot_description", language), code)
            await bot.set_my_short_description(text("bot_short_description", language), code)
    except TelegramError as error:
        log.warning("commands and descriptions not registered: reason=%s", type(error).__name__)


def commands_in(language: str) -> list[BotCommand]:
    """Return the commands with their descriptions in a language."""
    return [BotCommand(name, text(f"command_{name}", language)) for name in COMMANDS]
