"""What every page costs at three sizes of the issue.

    make -s bench NAME=pages
    make -s bench NAME=pages ARGS='--sizes 300 3000 --roles author visitor'

Starts a PostgreSQL of its own on loopback, fills it with the workload that ``bench/workload.py``
describes (per manuscript four filed reviews; n/2 reviewers; the 12 topics of the call) and
renders every page with the settings of production, in one process, through all of the middleware.

Prints per page and role: SQL queries; milliseconds of CPU a look, in the web process and in the
database's process apart; bytes raw and by gzip; the median wall time of thirty looks. The last
line is JSON: {"rows": [{"page", "role", "n", "queries", "web_cpu_ms", "db_cpu_ms", "bytes",
"gzip_bytes", "wall_ms"}]}. The exit status is 1 when a list page takes more than twenty queries.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, astuple
from typing import Any

from scripts.settings_names import embedded_settings
from tests.services import PostgresServer, RedisServer, ServerFailed, ServerMissing

SIZES = (300, 3_000, 10_000)
LIST_QUERIES_MAX = 20
LINE = "{:<34}{:<17}{:>7}{:>9}{:>8}{:>9}{:>8}{:>9}"
HEAD = LINE.format("page", "role", "queries", "web ms", "db ms", "bytes", "gzip", "wall ms")


def main(arguments: Sequence[str]) -> int:
    """All sizes; 0 when every list page keeps to its number of queries."""
    parser = argparse.ArgumentParser(prog="bench.pages", description="What every page costs.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--roles", nargs="+", metavar="ROLE", help="the pages of these only")
    chosen = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="tmi-bench-") as folder,
        PostgresServer() as postgres,
        RedisServer(durable=False) as redis,
    ):
        _set_up(folder, postgres.url, redis.url)
        rows = [row for size in chosen.sizes for row in _rows_at(size, chosen.roles)]
    print(json.dumps({"rows": [{k: v for k, v in r.items() if k != "is_list"} for r in rows]}))
    return int(any(row["is_list"] and row["queries"] > LIST_QUERIES_MAX for row in rows))


def _set_up(folder: str, database: str, redis: str) -> None:
    """Django with the settings of a public site, its tables and its static files."""
    started = time.monotonic()
    ours = embedded_settings(os.environ)
    os.environ.clear()
    os.environ.update(
        {
            **ours,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "SITE_URL": "https://issue.example",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "VAR_DIR": folder,
            "LOG_LEVEL": "ERROR",
        }
    )
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", "--no-input", verbosity=0)
    call_command("collectstatic", "--no-input", verbosity=0)
    with connection.cursor() as cursor:
        # All work in the one process whose CPU is read, and no sweeping while it is measured.
        cursor.execute("ALTER SYSTEM SET max_parallel_workers_per_gather = 0")
        cursor.execute("ALTER SYSTEM SET autovacuum = off")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()
    _say(f"Tables and static files: {time.monotonic() - started:.0f} s")


def _rows_at(size: int, roles: Sequence[str] | None) -> list[dict[str, Any]]:
    """Fill the database anew and measure every page, or those of some roles."""
    from django.core.management import call_command
    from django.db import connection

    from bench.fates import NOW
    from bench.meter import measure
    from bench.visits import visits
    from bench.workload import fill
    from reviews.tasks import fit_versions
    from tmi_special_issue import clock

    started = time.monotonic()
    call_command("flush", "--no-input", verbosity=0)
    people = fill(size)
    fit_versions()  # as the worker has done before an editor comes
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    _say(f"\n{size} manuscripts, filled in {time.monotonic() - started:.0f} s\n{HEAD}")
    rows = []
    with clock.frozen_at(NOW):
        for visit in visits(people):
            if roles and visit.role not in roles:
                continue
            if not visit.addresses:  # a few manuscripts do not come to every stage
                _say(f"{visit.page:<34}{visit.role:<17}nothing to look at")
                continue
            cost = measure(visit)
            row = {"page": visit.page, "role": visit.role, "n": size, **asdict(cost)}
            rows.append({**row, "is_list": visit.is_list})
            _say(LINE.format(visit.page, visit.role, *astuple(cost)))
    return rows


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1:]))
    except (ServerMissing, ServerFailed) as problem:
        sys.exit(f"The measurement cannot run: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
