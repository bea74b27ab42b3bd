"""The command `twh`."""

from __future__ import annotations

import argparse
import asyncio
import atexit
import gc
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from sqlalchemy.exc import OperationalError

from actions.healing_map.models import STATUSES
from actions.texts import LANGUAGES, UnreadableData
from bot.errors import CommandError
from bot.logs import configure_logs, prepare_libraries
from bot.settings import ROOT, Settings, SettingsError

if TYPE_CHECKING:
    from bot.assistant import Assistant

_STARTED = time.monotonic()
_HISTORY = ROOT / "var" / "terminal_history"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit code: 2 when it could not be carried out."""
    options = _parser().parse_args(arguments)
    prepare_libraries(trains=options.command is train)
    # At its end a process gives all memory back at once; Python would first look through half a
    # million objects, for 2 to 9 s of the 10 s in which a supervisor lets it stop.
    atexit.register(gc.freeze)
    try:
        settings = Settings.from_environment()
        configure_logs(settings.log_level or ("INFO" if settings.telegram_token else "WARNING"))
        return int(options.command(settings, options) or 0)
    except (CommandError, SettingsError, UnreadableData) as error:
        print(f"twh: {error}", file=sys.stderr)
        return 2
    except OperationalError as error:
        from actions.healing_map.database import reason_of

        print(f"twh: The database cannot be used: {reason_of(error)}", file=sys.stderr)
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
    chat_parser.add_argument("--language", choices=LANGUAGES, help="the language to begin with")
    parse_parser = add("parse", parse, "say what the assistant understands, one text a line")
    parse_parser.add_argument("--json", action="store_true", required=True, help="JSON lines out")
    _add_map_commands(add)
    _add_review_commands(add)
    add("stats", stats, "show what there is in numbers, and what was not understood")
    _add_unanswered_commands(add)
    texts_parser = add("texts", list_texts, "list every sentence that the assistant can say")
    texts_parser.add_argument("--format", choices=("csv",), default="csv", help="CSV, to translate")
    add("train", train, "train the model anew")
    add("check", check, "say what is configured, what works and what is missing")
    return parser


def _add_map_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    for what, text in (("events", "the map's events"), ("messages", "the messages of healing")):
        actions = add(what, export_map, f"exchange {text}").add_subparsers(
            required=True, metavar="ACTION"
        )
        export = actions.add_parser("export", help=f"write {text} into a file")
        export.add_argument("--format", choices=("csv", "geojson"), required=True)
        export.add_argument("--status", choices=STATUSES, help="only these; all by default")
        export.add_argument("file", metavar="FILE", help="a path, or - for standard output")
        export.set_defaults(what=what)
        if what == "events":
            imports = actions.add_parser("import", help="take events out of a CSV or GeoJSON file")
            imports.add_argument("file", metavar="FILE", help="a path, or - for standard input")
            imports.set_defaults(command=import_map)
    lookups = add("lookup", look_up, "look up places or dates, one a line").add_subparsers(
        required=True, metavar="WHAT"
    )
    for what in ("places", "dates"):
        lookup = lookups.add_parser(what, help=f"look up {what}")
        lookup.add_argument("--json", action="store_true", required=True, help="JSON lines out")
        lookup.add_argument("--now", type=_moment, metavar="ISO", help="set the clock")
        lookup.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
        lookup.set_defaults(what=what)


def _add_review_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    actions = add("review", review, "decide on what people submitted").add_subparsers(
        required=True, metavar="ACTION"
    )
    for name, text in (
        ("list", "list what waits, one a line"),
        ("show", "show all of a submission"),
        ("approve", "make a submission public"),
        ("reject", "keep a submission off the map, and have its submitter told why"),
    ):
        action = actions.add_parser(name, help=text)
        action.set_defaults(action=name)
        if name != "list":
            action.add_argument("code", metavar="ID", help="the submission's code")
        if name == "reject":
            action.add_argument(
                "--reason", required=True, metavar="TEXT", help="as the submitter is told it"
            )


def _add_unanswered_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    actions = add("unanswered", export_unanswered, "exchange what was not understood")
    export = actions.add_subparsers(required=True, metavar="ACTION").add_parser(
        "export", help="write it into a file, as candidates for the training data"
    )
    export.add_argument("--language", choices=LANGUAGES, help="only this one; both by default")
    export.add_argument("file", metavar="FILE", help="a path, or - for standard output")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment like 2020-12-12T15:00") from None


def run(settings: Settings, options: argparse.Namespace) -> None:
    """Start the assistant on Telegram or, without a token, in the terminal."""
    if settings.telegram_token:
        _say_that_it_starts()
        from bot.telegram.service import serve

        asyncio.run(serve(settings, lambda: _assistant(settings, settings.sample_map)))
    else:
        chat(settings, _parser().parse_args(["chat"]))


def chat(settings: Settings, options: argparse.Namespace) -> None:
    """Talk in the terminal, or by JSON lines."""
    _say_that_it_starts()
    from actions.clock import set_now
    from actions.healing_map.database import IN_MEMORY
    from bot import jsonlines, terminal

    set_now(options.now)
    has_sample = options.ephemeral or settings.sample_map or not settings.telegram_token
    if options.ephemeral:
        settings = replace(settings, database_url=IN_MEMORY)
    assistant = _assistant(settings, has_sample)
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
    from actions.healing_map.database import IN_MEMORY
    from bot import jsonlines

    _use_utf8()
    assistant = _assistant(replace(settings, database_url=IN_MEMORY), has_sample=False)
    try:
        jsonlines.parse_lines(assistant, sys.stdin, sys.stdout)
    finally:
        assistant.close()


def import_map(settings: Settings, options: argparse.Namespace) -> None:
    """Take the events of a file into the map."""
    from bot import map_commands
    from bot.map_database import open_map

    print(map_commands.import_file(open_map(settings.database_url), options.file))


def export_map(settings: Settings, options: argparse.Namespace) -> None:
    """Write the map's events or messages into a file."""
    from bot import map_commands
    from bot.map_database import open_map

    engine = open_map(settings.database_url)
    _use_utf8()
    map_commands.export_file(engine, options.what, options.format, options.status, options.file)


def review(settings: Settings, options: argparse.Namespace) -> None:
    """List or show what waits for the review, or decide on it."""
    from bot import review_commands
    from bot.map_database import open_map

    engine = open_map(settings.database_url)
    _use_utf8()
    if options.action == "list":
        for line in review_commands.list_waiting(engine):
            print(line)
    elif options.action == "show":
        print(review_commands.show(engine, options.code))
    elif options.action == "approve":
        print(review_commands.approve(engine, options.code))
    else:
        print(review_commands.reject(engine, options.code, options.reason))


def stats(settings: Settings, options: argparse.Namespace) -> None:
    """Show numbers of all that is stored, and the most frequent unanswered questions."""
    from bot import stats_commands
    from bot.map_database import open_map

    engine = open_map(settings.database_url)
    _use_utf8()
    for line in stats_commands.stats(engine):
        print(line)


def export_unanswered(settings: Settings, options: argparse.Namespace) -> None:
    """Write what was not understood into a file, as candidates for the training data."""
    from bot import stats_commands
    from bot.map_database import open_map

    engine = open_map(settings.database_url)
    _use_utf8()
    stats_commands.export_unanswered(engine, options.language, options.file)


def look_up(settings: Settings, options: argparse.Namespace) -> None:
    """Look up the place or the date in each line of the input."""
    from actions.clock import set_now
    from bot import map_commands

    set_now(options.now)
    _use_utf8()
    map_commands.look_up(options.what, sys.stdin, sys.stdout, options.language)


def list_texts(settings: Settings, options: argparse.Namespace) -> None:
    """List every sentence that the assistant can say, in each language."""
    from bot import texts_command

    _use_utf8()
    texts_command.write_csv(sys.stdout)


def train(settings: Settings, options: argparse.Namespace) -> None:
    """Train the model."""
    from bot import training

    started = time.monotonic()
    path = training.train()
    seconds = time.monotonic() - started
    print(f"Trained {path.relative_to(ROOT)} in {seconds:.0f} s.", file=sys.stderr)


def check(settings: Settings, options: argparse.Namespace) -> int:
    """Report on every part; 1 when the assistant could not run."""
    from bot.check import report

    return report(settings)


def _say_that_it_starts() -> None:
    """Break the silence before Rasa is imported, which takes 5 to 15 s."""
    print("Starting ...", file=sys.stderr)


def _assistant(settings: Settings, has_sample: bool) -> Assistant:
    """Load everything, and say how long the start took.

    Args:
        settings: name the database and Redis, and whether unanswered questions are kept.
        has_sample: whether an empty map is filled with the sample; otherwise none of it stays.

    Raises:
        CommandError: the database or the model cannot be used.
    """
    from actions.clock import now
    from actions.database import use_database
    from actions.healing_map.sample import load_sample, remove_sample
    from bot.assistant import Assistant
    from bot.conversations import ConversationStore
    from bot.map_database import open_map
    from bot.shared_locks import SharedLocks
    from bot.training import ensure_model, train_in_own_process
    from bot.unanswered import UnansweredQuestions

    engine = open_map(settings.database_url)
    use_database(engine)
    if has_sample:
        load_sample(engine, now())
    else:
        remove_sample(engine)
    conversations = ConversationStore(engine)
    unanswered = UnansweredQuestions(engine, is_on=_keeps_unanswered(settings))
    locks = SharedLocks(settings.redis_url) if settings.redis_url else None
    model = ensure_model()
    try:
        assistant = Assistant(model, conversations, unanswered, locks)
    except Exception as error:
        kind = type(error).__name__
        print(f"The model is damaged ({kind}): training it anew.", file=sys.stderr)
        train_in_own_process()
        assistant = Assistant(model, conversations, unanswered, locks)
    # All this stays until the end. Python would look through half a million objects again and again
    # for what can be given back, and nobody gets an answer meanwhile, 0.3 s each time.
    gc.collect()
    gc.freeze()
    print(f"Ready after {time.monotonic() - _STARTED:.1f} s.", file=sys.stderr)
    return assistant


def _keeps_unanswered(settings: Settings) -> bool:
    """Tell whether to keep what is not understood.

    Not in memory, which ends with the process anyway: there all threads share one connection, and
    one thread's commit would cut through the transaction of another.
    """
    from actions.healing_map.database import IN_MEMORY

    return settings.keep_unanswered and settings.database_url != IN_MEMORY


def _use_utf8() -> None:
    """Read and write UTF-8 whatever the machine's locale; bytes that are none become marks."""
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


if __name__ == "__main__":
    sys.exit(main())
