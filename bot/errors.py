"""The error by which a command ends."""


class CommandError(Exception):
    """A command cannot be carried out; the text says what to do: one line, and with a file that is
    refused one line for each of its rows."""
