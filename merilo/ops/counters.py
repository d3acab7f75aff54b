"""What the web processes count. Each counts into a file of its own; `metrics` adds them up."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

REQUESTS = Counter(
    "merilo_requests", "Requests by the name of their route, method and status", ["route", "method", "status"]
)
SECONDS = Histogram(
    "merilo_request_seconds",
    "Seconds until the answer began, by the name of the route and method",
    ["route", "method"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
FAILED_SIGN_INS = Counter("merilo_failed_sign_ins", "Sign-ins with a wrong password or an unknown address")


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count one request."""
    REQUESTS.labels(route, method, str(status)).inc()
    SECONDS.labels(route, method).observe(seconds)
