"""Run the test suite on real servers: everything on PostgreSQL, then the core on SQLite.

    python scripts/run_tests.py [pytest arguments]

Starts its own PostgreSQL and Redis on free ports and removes them at the end. Results go to
``var/test-results/*.xml``. The exit status is that of the first half that failed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.settings_names import embedded_settings  # noqa: E402
from tests.services import PostgresServer, RedisServer, ServerFailed, ServerMissing  # noqa: E402

RESULTS = ROOT / "var" / "test-results"
NOT_CORE = "not postgres and not journey and not leak and not faults"
NO_TESTS_CHOSEN = 5  # pytest's exit status
WORKERS = "2"


def run_pytest(title: str, arguments: list[str], environment: dict[str, str]) -> int:
    """One pytest run over all of ``tests``; its exit status."""
    print(f"\n=== {title} ===", flush=True)
    results = RESULTS / f"{title.split()[-1].lower()}.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        f"--numprocesses={os.environ.get('TEST_WORKERS', WORKERS)}",
        "--dist=loadfile",
        f"--junit-xml={results}",
        *arguments,
    ]
    return subprocess.call(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)


def main(arguments: list[str]) -> int:
    """Both halves; 0 when both are green."""
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    # A developer's own settings must not decide what the tests see.
    base = embedded_settings(os.environ)
    started = time.monotonic()
    with PostgresServer() as postgres, RedisServer() as redis:
        real = {**base, "DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
        on_postgres = run_pytest("The suite on PostgreSQL", arguments, real)
    if on_postgres == 2:  # interrupted: the person wants it to end
        return on_postgres
    print(f"\nThat took {time.monotonic() - started:.0f} s.", flush=True)
    on_sqlite = run_pytest("The core on SQLite", ["-m", NOT_CORE, *arguments], base)
    failed = [
        status
        for status in (on_postgres, on_sqlite)
        if status and not (status == NO_TESTS_CHOSEN and arguments)
    ]
    if failed:
        print(f"Failed: PostgreSQL status {on_postgres}, SQLite status {on_sqlite}.")
    return failed[0] if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1:]))
    except (ServerMissing, ServerFailed) as problem:
        sys.exit(f"The tests cannot run: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
