"""The updates that wait for the bot, and how they reach it: long polling or a webhook."""

import asyncio
import copy
import itertools
import re
from collections import deque
from collections.abc import Callable, Hashable
from contextlib import suppress

import aiohttp
from yarl import URL

from tests.fakes.methods import Json, Refusal

MAX_POLL_SECONDS = 50
UPDATES_ON_REQUEST = "chat_member message_reaction message_reaction_count"
TERMINATED = "Conflict: terminated by {}"
OTHER_POLL = "other getUpdates request; make sure that only one bot instance is running"


class Webhook:
    """Posts updates to the bot: those of one queue in order, the queues beside each other.

    A queue is a chat's messages, or a user's taps, so a tap can overtake a text, as in Telegram.
    """

    def __init__(self, params: Json, retry_delay: float, confirm: Callable[[int], None]) -> None:
        self.url: str = params["url"]
        self._headers = {}
        if "secret_token" in params:
            self._headers["X-Telegram-Bot-Api-Secret-Token"] = params["secret_token"]
        self._retry_delay = retry_delay
        self._confirm = confirm
        self._queues: dict[Hashable, deque[Json]] = {}
        self._workers: dict[Hashable, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(min(max(params.get("max_connections", 40), 1), 100))
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))

    def push(self, update: Json) -> None:
        """Put an update into its queue."""
        key = self._queue_of(update)
        if key not in self._queues:
            self._queues[key] = deque()
            self._workers[key] = asyncio.create_task(self._work(key))
        self._queues[key].append(update)

    async def close(self) -> None:
        """Stop posting; what was not acknowledged stays unconfirmed."""
        for worker in self._workers.values():
            worker.cancel()
        await asyncio.gather(*self._workers.values(), return_exceptions=True)
        await self._session.close()

    @staticmethod
    def _queue_of(update: Json) -> Hashable:
        [content] = [value for key, value in update.items() if key != "update_id"]
        if "callback_query" in update:
            return "taps", content["from"]["id"]
        return "chat", content.get("chat", {}).get("id", update["update_id"])

    async def _work(self, key: Hashable) -> None:
        while self._queues[key]:
            update = self._queues[key][0]
            await self._post_until_acknowledged(update)
            self._queues[key].popleft()
            self._confirm(update["update_id"])
        del self._queues[key], self._workers[key]

    async def _post_until_acknowledged(self, update: Json) -> None:
        delay = self._retry_delay
        while (wait := await self._post(update)) is not None:
            await asyncio.sleep(wait or delay)
            delay = min(2 * delay, 60)

    async def _post(self, update: Json) -> float | None:
        """None if it was acknowledged, else how long the bot asks to wait (0: it does not say)."""
        try:
            async with (
                self._slots,
                self._session.post(self.url, json=update, headers=self._headers) as response,
            ):
                if response.ok:
                    return None
                retry_after = response.headers.get("Retry-After", "")
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return 0
        return min(float(retry_after), 3600) if retry_after.isdigit() else 0


class Updates:
    """What waits for the bot, until a higher offset or the webhook's 2xx confirms it."""

    def __init__(self, first_id: int, retry_delay: float) -> None:
        self.pending: dict[int, Json] = {}
        self.allowed: list[str] = []
        self.webhook: Webhook | None = None
        self.on_confirmed: Callable[[], None] = lambda: None
        self._ids = itertools.count(first_id)
        self._retry_delay = retry_delay
        self._waiting: asyncio.Future[None] | None = None

    def add(self, content: Json) -> int:
        """Number an update and offer it to the bot, unless the bot did not ask for its kind."""
        update_id = next(self._ids)
        [kind] = content
        if kind in self.allowed or not (self.allowed or kind in UPDATES_ON_REQUEST.split()):
            self.pending[update_id] = copy.deepcopy({"update_id": update_id, **content})
            if self.webhook:
                self.webhook.push(self.pending[update_id])
            elif self._waiting and not self._waiting.done():
                self._waiting.set_result(None)
        return update_id

    async def poll(self, params: Json) -> list[Json]:
        """Answer getUpdates."""
        if self.webhook:
            raise Refusal(
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
                409,
            )
        self._interrupt(OTHER_POLL)
        self.allowed = params.get("allowed_updates", self.allowed)
        self._confirm_below(params.get("offset", 0))
        timeout = min(params.get("timeout", 0), MAX_POLL_SECONDS)
        if timeout > 0 and not self.pending:
            self._waiting = asyncio.get_running_loop().create_future()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._waiting, timeout)
        limit = params.get("limit", 100)
        return list(self.pending.values())[: limit if 1 <= limit <= 100 else 100]

    async def set_webhook(self, params: Json) -> None:
        """Post updates to this URL from now on; without one, stop posting."""
        url = params.get("url", "")
        if url:
            self._check_webhook(URL(url), params.get("secret_token"))
        self._interrupt("setWebhook request")
        if self.webhook:
            await self.webhook.close()
            self.webhook = None
        self.allowed = params.get("allowed_updates", self.allowed)
        if params.get("drop_pending_updates"):
            self.pending.clear()
        if url:
            self.webhook = Webhook(params, self._retry_delay, self._confirm)
            for update in self.pending.values():
                self.webhook.push(update)

    @staticmethod
    def _check_webhook(url: URL, secret: str | None) -> None:
        loopback = url.host in ("127.0.0.1", "localhost")
        if not (url.scheme == "https" or (url.scheme == "http" and loopback)):
            raise Refusal("bad webhook: An HTTPS URL must be provided for webhook")
        if not loopback and url.port not in (80, 88, 443, 8443):
            raise Refusal("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise Refusal("secret token contains unallowed characters")

    def _interrupt(self, by: str) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(Refusal(TERMINATED.format(by), 409))

    def _confirm_below(self, offset: int) -> None:
        if offset < 0:
            offset = min(list(self.pending)[offset:], default=0)
        for update_id in [known for known in self.pending if known < offset]:
            self._confirm(update_id)

    def _confirm(self, update_id: int) -> None:
        self.pending.pop(update_id, None)
        self.on_confirmed()
