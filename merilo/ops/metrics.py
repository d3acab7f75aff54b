"""The numbers that monitoring reads, on an address of their own (MERILO_METRICS_BIND)."""

from __future__ import annotations

import logging
import math
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from merilo.core import mail
from merilo.core.binds import Bind
from merilo.core.models import MailState
from merilo.core.version import version
from merilo.ops import health

log = logging.getLogger("merilo.metrics")
MAILS = {"waiting": MailState.WAITING, "failed": MailState.GIVEN_UP, "unknown": MailState.UNKNOWN}


class NotServed(Exception):
    """Another program listens there, or the address is not of this machine."""


@contextmanager
def served(bind: Bind | None) -> Iterator[None]:
    """Answer at the address, and have the processes that are started meanwhile count. Errors: NotServed."""
    if bind is None:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="merilo-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
        registry.register(Installation())
        try:
            server, thread = start_http_server(bind.port, bind.host, registry)
        except OSError as error:
            log.error("MERILO_METRICS_BIND: %s:%s: %s", bind.host, bind.port, error.strerror)  # noqa: TRY400
            raise NotServed from error
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]


class Installation(Collector):
    """What database and folders tell, asked anew at each reading."""

    def collect(self) -> Iterator[Metric]:
        """All of it; without a database what can be said without one."""
        now = timezone.now()
        try:
            found = health.checks()
            told = GaugeMetricFamily("merilo_info", "The running version", labels=["version"])
            told.add_metric([version()], 1)
            yield told
            ready = GaugeMetricFamily(
                "merilo_ready", "Whether a check of /health/ready holds", labels=["check"]
            )
            for check in found:
                ready.add_metric([check.name], check.ok)
            yield ready
            age = health.backup_age(now)
            seconds = math.inf if age is None else age.total_seconds()
            yield GaugeMetricFamily("merilo_backup_age_seconds", "Age of the newest backup", value=seconds)
            if all(check.ok for check in found if check.name in {"database", "migrations"}):
                yield from _waiting()
        finally:
            connection.close()


def _waiting() -> Iterator[Metric]:
    now = timezone.now()
    length, oldest = health.queue(now)
    yield GaugeMetricFamily("merilo_tasks_waiting", "Tasks that the worker could do now", value=length)
    yield GaugeMetricFamily(
        "merilo_task_oldest_seconds", "How long the oldest of them has waited", value=oldest.total_seconds()
    )
    counts = mail.unsent(at=now)
    mails = GaugeMetricFamily("merilo_mails", "Mails that are not sent, by state", labels=["state"])
    for name, state in MAILS.items():
        mails.add_metric([name], counts[state])
    yield mails
