"""A partner's bucket: so many at once, so many a second, each partner for itself."""

from townhall.partners.limits import Limiter


def test_a_burst_then_a_steady_rate() -> None:
    limiter = Limiter(rate=2, burst=3)
    assert [limiter.wait("a", now=0.0) for _ in range(3)] == [0, 0, 0]
    assert limiter.wait("a", now=0.0) == 0.5
    assert limiter.wait("a", now=0.25) == 0.25
    assert limiter.wait("a", now=0.5) == 0
    assert limiter.wait("b", now=0.5) == 0, "another partner has a bucket of its own"


def test_a_long_silence_fills_the_bucket_but_not_beyond() -> None:
    limiter = Limiter(rate=100, burst=2)
    limiter.wait("a", now=0.0)
    assert [limiter.wait("a", now=1e6) == 0 for _ in range(3)] == [True, True, False]
