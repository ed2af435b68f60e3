"""A token bucket for each partner, kept in the memory of the web process.

With several web processes each counts alone: the limit protects the machine
from one partner, it is no contract. Memory is bounded by the number of tokens.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

RATE = 50.0
BURST = 200.0


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class Limiter:
    """Allow `rate` requests a second and `burst` at once, for each key."""

    def __init__(self, rate: float = RATE, burst: float = BURST) -> None:
        self._rate = rate
        self._burst = burst
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def wait(self, key: str, now: float | None = None) -> float:
        """Take one request from the bucket of `key`.

        Returns
        -------
        0 if it may go on; otherwise the seconds after which to try again.
        """
        now = time.monotonic() if now is None else now
        with self._lock:
            bucket = self._buckets.setdefault(key, _Bucket(self._burst, now))
            bucket.level = min(self._burst, bucket.level + (now - bucket.at) * self._rate)
            bucket.at = now
            if bucket.level >= 1:
                bucket.level -= 1
                return 0.0
            return (1 - bucket.level) / self._rate
