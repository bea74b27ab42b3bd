"""What the programs that tests start are given, and what they need."""

from __future__ import annotations

import os
import socket
from pathlib import Path

RESIDENT, PEAK = "VmRSS", "VmHWM"
"""What Linux calls the memory that a process has at present, and the most that it ever had."""

_OF_THE_PROGRAM = (
    *("TELEGRAM_", "TWH_", "DATABASE_", "REDIS_"),
    *("OMP_", "RASA_", "SANIC_", "SQLALCHEMY_", "TF_"),
)


def inherited_environment() -> dict[str, str]:
    """Return this process's variables without those for the assistant or for its libraries."""
    return {name: it for name, it in os.environ.items() if not name.startswith(_OF_THE_PROGRAM)}


def megabytes(process_id: int, name: str = RESIDENT) -> float:
    """Return how much memory a process has or had, in MB: millions of bytes."""
    lines = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8").splitlines()
    kibibytes = next(line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(kibibytes) * 1024 / 1e6


def free_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
