"""The command `twh`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from bot.logs import configure_logs, quiet_libraries
from bot.settings import ROOT, Settings, SettingsError

if TYPE_CHECKING:
    from bot.assistant import Assistant

_STARTED = time.monotonic()
_HISTORY = ROOT / "var" / "terminal_history"


class CommandError(Exception):
    """A command cannot be carried out; the text is the one line that says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit code: 2 when it could not be carried out."""
    options = _parser().parse_args(arguments)
    quiet_libraries()
    try:
        settings = Settings.from_environment()
        configure_logs(settings.log_level or ("INFO" if settings.telegram_token else "WARNING"))
        return int(options.command(settings, options) or 0)
    except (CommandError, SettingsError) as error:
        print(f"twh: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away; there is nobody to tell
        return 0


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line, as everything else does."""

    def error(self, message: str) -> NoReturn:
        """Print the line and end with exit code 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="twh", description="The Together We Heal assistant.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[..., int | None], text: str) -> argparse.ArgumentParser:
        subparser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
        subparser.set_defaults(command=command)
        return subparser

    add("run", run, "start: Telegram with a bot token, otherwise a chat in the terminal")
    chat_parser = add("chat", chat, "talk to the assistant in the terminal")
    chat_parser.add_argument("--json", action="store_true", help="JSON lines in and out")
    chat_parser.add_argument(
        "--ephemeral", action="store_true", help="use an empty database in memory"
    )
    chat_parser.add_argument(
        "--now", type=_moment, metavar="ISO", help="set the clock (Chicago's time without offset)"
    )
    chat_parser.add_argument("--language", choices=("en", "es"), help="the language to begin with")
    parse_parser = add("parse", parse, "say what the assistant understands, one text a line")
    parse_parser.add_argument("--json", action="store_true", required=True, help="JSON lines out")
    add("train", train, "train the model anew")
    add("check", check, "say what is configured, what works and what is missing")
    return parser


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment like 2020-12-12T15:00") from None


def run(settings: Settings, options: argparse.Namespace) -> None:
    """Start the assistant on Telegram or, without a token, in the terminal."""
    if settings.telegram_token:
        _say_that_it_starts()
        from bot.telegram.service import ServiceError, serve

        try:
            asyncio.run(serve(settings, lambda: _assistant(settings.database_url)))
        except ServiceError as error:
            raise CommandError(str(error)) from None
    else:
        chat(settings, _parser().parse_args(["chat"]))


def chat(settings: Settings, options: argparse.Namespace) -> None:
    """Talk in the terminal, or by JSON lines."""
    _say_that_it_starts()
    from actions.clock import set_now
    from bot import jsonlines, terminal
    from bot.database import IN_MEMORY

    set_now(options.now)
    assistant = _assistant(IN_MEMORY if options.ephemeral else settings.database_url)
    try:
        _use_utf8()
        if options.json:
            lines = jsonlines.converse(assistant, sys.stdin, sys.stdout, options.language)
            asyncio.run(lines)
        else:
            asyncio.run(terminal.chat(assistant, _HISTORY, options.language))
    finally:
        assistant.close()


def parse(settings: Settings, options: argparse.Namespace) -> None:
    """Say what each line of the input means."""
    _say_that_it_starts()
    from bot import jsonlines
    from bot.database import IN_MEMORY

    _use_utf8()
    assistant = _assistant(IN_MEMORY)
    try:
        jsonlines.parse_lines(assistant, sys.stdin, sys.stdout)
    finally:
        assistant.close()


def train(settings: Settings, options: argparse.Namespace) -> None:
    """Train the model."""
    from bot import training

    started = time.monotonic()
    try:
        path = training.train()
    except training.TrainingError as error:
        raise CommandError(str(error)) from None
    seconds = time.monotonic() - started
    print(f"Trained {path.relative_to(ROOT)} in {seconds:.0f} s.", file=sys.stderr)


def check(settings: Settings, options: argparse.Namespace) -> int:
    """Report on every part; 1 when the assistant could not run."""
    from bot.check import report

    return report(settings)


def _say_that_it_starts() -> None:
    """Break the silence before Rasa is imported, which takes 5 to 15 s."""
    print("Starting ...", file=sys.stderr)


def _assistant(database_url: str) -> Assistant:
    """Load everything, and say how long the start took.

    Raises:
        CommandError: the database or the model cannot be used.
    """
    from bot.assistant import Assistant
    from bot.conversations import ConversationStore
    from bot.database import DatabaseError, open_database
    from bot.training import TrainingError, ensure_model, train_in_own_process

    try:
        conversations = ConversationStore(open_database(database_url))
        model = ensure_model()
        try:
            assistant = Assistant(model, conversations)
        except Exception as error:
            kind = type(error).__name__
            print(f"The model is damaged ({kind}): training it anew.", file=sys.stderr)
            train_in_own_process()
            assistant = Assistant(model, conversations)
    except (DatabaseError, TrainingError) as error:
        raise CommandError(str(error)) from None
    print(f"Ready after {time.monotonic() - _STARTED:.1f} s.", file=sys.stderr)
    return assistant


def _use_utf8() -> None:
    """Read and write UTF-8 whatever the machine's locale; bytes that are none become marks."""
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


if __name__ == "__main__":
    sys.exit(main())
