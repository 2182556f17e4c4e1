"""The whole site as in production, on servers of its own that a test may kill."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg2

from scripts.settings_names import embedded_settings
from tests.faults.mail_server import MailServer
from tests.services import PostgresServer, RedisServer
from tests.services.process import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
CSRF = "c" * 32
READY_WITHIN = 90.0


@dataclass
class Answer:
    """What came back for one request."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class Program:
    """One long-running program in a process group of its own."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it; it ends when the test run does."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig=TERM", "--", *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=ROOT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it and all its children as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def stop(self) -> None:
        """End it in order, and by force what is left."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None


class Site:
    """PostgreSQL, Redis, a mail server, web server and worker. No beat: `tick` is the minute."""

    def __init__(self) -> None:
        self.postgres = PostgresServer(durable=True)
        self.redis = RedisServer()
        self.mail = MailServer()
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="tmi-faults-"))
        self.environment = {
            **embedded_settings(os.environ),
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "EMAIL_URL": self.mail.url,
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "BIND": f"127.0.0.1:{self.port}",
            "SECRET_KEY": "only-for-fault-tests-" + "x" * 50,
            "REQUIRE_SECOND_FACTOR": "0",
            "VAR_DIR": str(self.folder),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "tmi_special_issue.settings",
        }
        celery = [sys.executable, "-m", "celery", "--app", "tmi_special_issue"]
        worker = ["worker", "--concurrency=2", "--loglevel=INFO", "--without-gossip"]
        self.web = self._program(
            "web", [sys.executable, "-m", "gunicorn", "tmi_special_issue.wsgi"]
        )
        self.worker = self._program("worker", [*celery, *worker, "--without-mingle"])
        self.stage: dict[str, Any] = {}

    def start(self) -> None:
        """Everything, with the stage set."""
        self.postgres.start()
        self.redis.start()
        self.manage("migrate", "--no-input", "--verbosity=0")
        self.manage("collectstatic", "--no-input", "--verbosity=0")
        self.stage = json.loads(self.run_python("-m", "tests.faults.stage"))
        self.web.start()
        self.worker.start()
        self.wait(lambda: self.get("/health/").status == 200, "the site to answer")

    def remove(self) -> None:
        """End everything and take it off the disk."""
        self.mail.go_on()
        for program in (self.web, self.worker):
            program.stop()
        self.postgres.remove()
        self.redis.remove()
        self.mail.shutdown()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ------------------------------------------------------------ asking the site

    def get(self, path: str, person: str = "") -> Answer:
        """Read a page; a site that does not listen is status 0."""
        return self._ask("GET", path, person, None)

    def post(self, path: str, person: str, **values: Any) -> Answer:
        """Press a button."""
        return self._ask("POST", path, person, values)

    def _ask(self, method: str, path: str, person: str, values: dict[str, Any] | None) -> Answer:
        cookies = {"csrf": CSRF, "session": self.stage.get("sessions", {}).get(person, "")}
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items() if value),
            "X-CSRFToken": CSRF,
            "Accept": "text/html",
        }
        body = None
        if values is not None:
            body = urlencode(values, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            try:
                line.request(method, path, body, headers)
                response = line.getresponse()
                return Answer(response.status, dict(response.headers), response.read().decode())
            except (OSError, http.client.HTTPException):
                return Answer(0, {}, "")

    # ------------------------------------------------------------ behind the site

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """A question to the database itself."""
        with closing(psycopg2.connect(self.postgres.url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []

    def count(self, query: str, *values: Any) -> int:
        """How many rows a question has."""
        return len(self.ask(query, *values))

    def send_task(self, name: str, *args: str, times: int = 1) -> None:
        """Ring for a worker, as beat or the web server does."""
        calls = "; ".join([f"app.send_task({name!r}, args={args!r})"] * times)
        self.run_python("-c", f"from tmi_special_issue.celery import app; {calls}")

    def tick(self) -> None:
        """The next minute."""
        self.send_task("tmi_special_issue.tasks.tick")

    def manage(self, *arguments: str) -> str:
        """A management command; what it printed."""
        return self.run_python("manage.py", *arguments)

    def wait(self, is_so: Callable[[], bool], what: str, within: float = READY_WITHIN) -> None:
        """Return when it is so."""
        give_up_at = time.monotonic() + within
        while time.monotonic() < give_up_at:
            if is_so():
                return
            time.sleep(0.1)
        tails = "\n".join(log.read_text()[-3000:] for log in self.folder.glob("*.log"))
        raise AssertionError(f"Waited {within:.0f} s for {what}.\n{tails}")

    def _program(self, name: str, command: list[str]) -> Program:
        return Program(command, self.environment, self.folder / f"{name}.log")

    def run_python(self, *arguments: str) -> str:
        """A Python program with the site's settings; what it printed."""
        ran = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        return ran.stdout
