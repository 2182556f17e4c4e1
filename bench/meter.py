"""Looks at one page as a browser does and notes what that costs web server and database."""

from __future__ import annotations

import gzip
import os
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.visits import Visit

LOOKS = 30
WARMING = 3
GZIP_LEVEL = 6
HOST = settings.SITE_URL.split("://", 1)[1]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Cost:
    """What a page costs. CPU is the mean of the looks, wall their median, in milliseconds."""

    queries: int
    web_cpu_ms: float
    db_cpu_ms: float
    bytes: int
    gzip_bytes: int
    wall_ms: float


def measure(visit: Visit) -> Cost:
    """Three looks that warm up and count queries (the most counts), then thirty timed ones."""
    browser = _browser(visit)
    # Those that are timed are looked at for the first time, if there are enough of them.
    warming = [visit.addresses[-1 - n % len(visit.addresses)] for n in range(WARMING)]
    timed = [visit.addresses[n % len(visit.addresses)] for n in range(LOOKS)]
    queries, content = 0, b""
    for address in warming:
        with CaptureQueriesContext(connection) as asked:
            content = _look(browser, address)
        queries = max(queries, len(asked))
    web, database, walls = time.process_time(), _database_cpu(), []
    for address in timed:
        began = time.perf_counter()
        _look(browser, address)
        walls.append(time.perf_counter() - began)
    return Cost(
        queries=queries,
        web_cpu_ms=round((time.process_time() - web) * 1000 / LOOKS, 1),
        db_cpu_ms=round((_database_cpu() - database) * 1000 / LOOKS, 1),
        bytes=len(content),
        gzip_bytes=len(gzip.compress(content, GZIP_LEVEL)),
        wall_ms=round(median(walls) * 1000, 1),
    )


def _browser(visit: Visit) -> Client:
    browser = Client(SERVER_NAME=HOST)
    if visit.person is not None:
        browser.force_login(visit.person, backend=BACKEND)
        browser.get("/", secure=True)  # the first page of a session writes its time
    return browser


def _look(browser: Client, address: str) -> bytes:
    response: Any = browser.get(address, secure=True)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}.")
    content: bytes = response.content
    return content


def _database_cpu() -> float:
    """Seconds that the connection's own process of PostgreSQL has spent, user and system."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
