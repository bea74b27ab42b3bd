"""The floor: a bot of python-telegram-bot that says back what it is told, and nothing else.

It is a process of its own, started with the fake's address: `python -m tests.bench.echo URL`.
"""

from __future__ import annotations

import sys

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters

from tests.bot.telegram.process import TOKEN


def main() -> None:
    """Serve until the process is ended."""
    builder = ApplicationBuilder().token(TOKEN).base_url(sys.argv[1]).job_queue(None)
    application: Application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, _say_back))
    application.run_polling()


async def _say_back(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


if __name__ == "__main__":
    main()
