"""Writes the pictures of the documentation anew."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from bot.logs import configure_logs, prepare_libraries

prepare_libraries()

from actions.clock import CHICAGO, set_now  # noqa: E402
from bot.settings import ROOT  # noqa: E402
from tests.bench.ours import our_assistant  # noqa: E402
from tests.pictures import phone, talk  # noqa: E402

_FOLDER = ROOT / "docs" / "pictures"


def main() -> None:
    """Lead the conversation on a Tuesday of the campaign, and draw it."""
    configure_logs("WARNING")
    set_now(datetime(2020, 12, 8, 10, tzinfo=CHICAGO))
    with tempfile.TemporaryDirectory() as folder, our_assistant(Path(folder)) as assistant:
        bubbles = talk.lead(assistant)
    (_FOLDER / "conversation.svg").write_text(phone.draw(bubbles), encoding="utf-8")
    [nearby] = [bubble.picture for bubble in bubbles if bubble.picture]
    (_FOLDER / "nearby.png").write_bytes(nearby)


if __name__ == "__main__":
    main()
