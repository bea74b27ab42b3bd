"""The short form of the fault suite: each mode once, side by side; `make chaos` is the long one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.chaos.run import MODES, Plan, Report, run

_SEED = 10
_CHATS, _KILLS, _SECONDS = 10, 1, 8.0


@pytest.fixture(scope="module")
def runs(
    model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Report]]]:
    """A run in each mode; all go on at once, because most of each is waiting for a start."""
    with ThreadPoolExecutor(len(MODES)) as threads:
        yield {
            name: threads.submit(
                run, Plan(mode, _SEED, _CHATS, _KILLS, _SECONDS), tmp_path_factory.mktemp(name)
            )
            for name, mode in MODES.items()
        }


@pytest.mark.parametrize("mode", MODES)
def test_when_processes_are_killed_nothing_is_lost_doubled_or_out_of_order(
    runs: dict[str, Future[Report]], mode: str
) -> None:
    report = runs[mode].result()
    print(f"{mode}, seed {_SEED}: {report}")
    assert report.kills == _KILLS
    assert report.figures.stored == 10 * _CHATS
    assert report.is_good, str(report)
