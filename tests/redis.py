"""A Redis server of the tests' own, from the binary that the machine has installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.processes import free_port

_START_SECONDS = 10.0


@dataclass
class RedisServer:
    """A server on 127.0.0.1, empty at each start."""

    binary: str
    port: int

    @property
    def url(self) -> str:
        """The URL of its database."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        command = [self.binary, *options, "--dir", tempfile.gettempdir()]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        end = time.monotonic() + _START_SECONDS
        while not self._answers():
            assert time.monotonic() < end, "redis-server did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        """End it at once, and with it all that it holds."""
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url) as client:
                return bool(client.ping())
        except RedisError:
            return False


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Run a new server; where Redis is not installed, the test that asks for it is skipped."""
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("Redis is not installed (on Debian: apt-get install redis-server)")
    server = RedisServer(binary, free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()
