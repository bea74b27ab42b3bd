"""Writes the README's pictures anew (a conversation, the map of the whole city), and the tests'."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from bot.logs import configure_logs, prepare_libraries

prepare_libraries()

from actions.clock import CHICAGO, set_now  # noqa: E402
from bot.settings import ROOT  # noqa: E402
from tests.actions.healing_map.scenes import PICTURES, drawn  # noqa: E402
from tests.bench.ours import our_assistant  # noqa: E402
from tests.pictures import phone, talk  # noqa: E402

_FOLDER = ROOT / "docs" / "pictures"


def main() -> None:
    """Talk with the assistant on a Tuesday of the campaign, and draw what it says and shows."""
    configure_logs("WARNING")
    set_now(datetime(2020, 12, 8, 10, tzinfo=CHICAGO))
    with tempfile.TemporaryDirectory() as folder, our_assistant(Path(folder)) as assistant:
        bubbles, city = talk.lead(assistant), talk.city_of(assistant)
    (_FOLDER / "conversation.svg").write_text(phone.draw(bubbles), encoding="utf-8")
    (_FOLDER / "city.png").write_bytes(city)
    for name, content in drawn().items():
        (PICTURES / name).write_bytes(content)


if __name__ == "__main__":
    main()
