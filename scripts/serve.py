"""Run the whole site on this machine: web server, worker and scheduler, until Ctrl-C.

    make run            or: python scripts/serve.py
    PORT=8080 make run  on that port and no other

Uses the embedded defaults: SQLite, a folder as broker, private local files, mail kept in the
site. Everything it writes is under ``var/``, and the next run goes on with it. One run at a time:
a second one says where the first is and leaves it alone.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.settings_names import embedded_settings  # noqa: E402
from scripts.supervisor import Child, Supervisor  # noqa: E402

VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
FIRST_PORT = 8000
PORTS_TRIED = 50
READY_WITHIN_SECONDS = 60.0


class CannotServe(Exception):
    """The site cannot run; the message is a sentence for the person at the screen."""


def say(sentence: str) -> None:
    """Print at once, also into a pipe."""
    print(sentence, flush=True)


class AlreadyRunning(Exception):
    """Somebody holds the lock; the argument is "pid address", or less while it starts."""


@contextlib.contextmanager
def only_run(lock: Path) -> Iterator[IO[str]]:
    """Hold the lock of this checkout; the kernel frees it however we end.

    Raises AlreadyRunning with the words of the one who holds it.
    """
    with lock.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            raise AlreadyRunning(held.read().strip()) from None
        held.truncate(0)
        yield held
        held.truncate(0)


def port_is_free(port: int) -> bool:
    """Whether we may listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port(wanted: str) -> int:
    """The port asked for, or the first free one from 8000 on.

    Raises CannotServe when the one asked for is no port or is in use.
    """
    if wanted:
        if not (wanted.isdecimal() and 0 < int(wanted) < 65536):
            raise CannotServe(f"PORT must be a number from 1 to 65535, not {wanted!r}.")
        if not port_is_free(int(wanted)):
            raise CannotServe(
                f"Port {wanted} is in use or not ours to take. Choose another, as in "
                f"PORT={int(wanted) % 65535 + 1} make run, or leave PORT away."
            )
        return int(wanted)
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if port_is_free(port):
            if port != FIRST_PORT:
                say(f"Port {FIRST_PORT} is in use; taking {port}.")
            return port
    last = FIRST_PORT + PORTS_TRIED - 1
    raise CannotServe(f"Ports {FIRST_PORT} to {last} are all in use. Choose one with PORT=.")


def site_environment(port: int) -> dict[str, str]:
    """The settings of the trial site; nothing of the person's own settings leaks into it."""
    return {
        **embedded_settings(os.environ),
        "REHEARSAL": "1",
        "DEBUG": "0",
        "SECRET_KEY": kept_secret(VAR / "secret_key"),
        "SITE_URL": f"http://localhost:{port}",
        "VAR_DIR": str(VAR),
        "BIND": f"127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
    }


def kept_secret(path: Path) -> str:
    """The secret key of this checkout, made once, so that a restart signs nobody out."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def prepare(environment: dict[str, str]) -> str:
    """Database, static files, the call and the invented people; what the demo has to say.

    Raises CannotServe when a step fails; the step has then said why.
    """
    ran = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "prepare_site.py")],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise CannotServe("The site could not be prepared; nothing that was there is lost.")
    return ran.stdout


def answers(address: str) -> bool:
    """Whether the front page comes."""
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until_ready(supervisor: Supervisor, address: str) -> None:
    """Return when the front page comes or the run was stopped; too late is CannotServe."""
    give_up_at = time.monotonic() + READY_WITHIN_SECONDS
    while not supervisor.stop_asked and not answers(address):
        if not supervisor.revive():
            raise CannotServe("The site could not be started.")
        if time.monotonic() > give_up_at:
            tails = "\n".join(child.log_tail() for child in supervisor.children)
            raise CannotServe(f"{tails}\nThe site did not answer within a minute.")
        time.sleep(0.2)


def children(environment: dict[str, str]) -> list[Child]:
    """The web server, and the worker with the scheduler inside it."""
    celery = [sys.executable, "-m", "celery", "--app", "tmi_special_issue"]
    commands = {
        "web server": [sys.executable, "-m", "gunicorn", "tmi_special_issue.wsgi"],
        "worker": [
            *celery,
            "worker",
            "--beat",
            f"--schedule={VAR / 'beat-schedule'}",
            "--concurrency=2",
            "--loglevel=INFO",
            "--without-gossip",
            "--without-mingle",
        ],
    }
    return [
        Child(name, command, environment, VAR / "log" / f"{name.split()[0]}.log", ROOT)
        for name, command in commands.items()
    ]


def serve(port: int, address: str) -> int:
    """Prepare, run and end the site; the exit status."""
    started = time.monotonic()
    say("Preparing the site (its data is kept in var/):")
    environment = site_environment(port)
    accounts = prepare(environment)
    supervisor = Supervisor(children(environment), say)
    supervisor.start()
    try:
        wait_until_ready(supervisor, address)
        if not supervisor.stop_asked:
            say(f"\nReady after {time.monotonic() - started:.0f} s:  {address}\n")
            say(accounts.strip())
            say(f"\nLogs: {VAR / 'log'}. Ctrl-C stops everything; the data stays.")
        ended_well = supervisor.watch()
    finally:
        say("\nStopping.")
        supervisor.stop()
    say("Stopped.")
    return 0 if ended_well else 1


def main() -> int:
    """The command."""
    (VAR / "log").mkdir(parents=True, exist_ok=True)
    try:
        with only_run(VAR / "serve.lock") as lock:
            port = choose_port(os.environ.get("PORT", ""))
            address = f"http://localhost:{port}/"
            print(os.getpid(), address, file=lock, flush=True)
            return serve(port, address)
    except AlreadyRunning as other:
        pid, _, address = str(other).partition(" ")
        say(f"The site of this folder is running already: {address or 'it is just starting'}")
        say(f"(process {pid or 'unknown'}). Use that one, or stop it with Ctrl-C where it runs.")
        return 0
    except CannotServe as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped before it was ready; nothing is lost.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
