"""One server process with its folder, its port and its log."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

READY_WITHIN_SECONDS = 60.0
STOPPED_WITHIN_SECONDS = 30.0


class ServerMissing(RuntimeError):
    """The server's binary is not installed. The message names the Debian package."""


class ServerFailed(RuntimeError):
    """The server did not start or stop. The message ends with the last lines of its log."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom to run a server as that refuses root; None when we are not root ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerMissing("Root may not run PostgreSQL, and there is no user postgres or nobody.")


class Server:
    """A server in a temporary folder of its own; also a context manager.

    A subclass gives ``command`` and ``is_ready``, and may give ``prepare``. The process gets a
    signal from the kernel when the test run dies, so that a killed run leaves nothing behind.
    """

    name = "server"
    stop_signal = signal.SIGTERM

    def __init__(self, *, port: int | None = None) -> None:
        self.port = port or free_port()
        self.user = unprivileged_user()
        self.folder = Path(tempfile.mkdtemp(prefix=f"tmi-{self.name}-"))
        self.log = self.folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        if self.user is not None:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)

    def command(self) -> list[str]:
        """The server's command line."""
        raise NotImplementedError

    def prepare(self) -> None:
        """What must be on disk before the first start."""

    def is_ready(self) -> bool:
        """Whether the server answers a real question now."""
        raise NotImplementedError

    @property
    def pid(self) -> int | None:
        """The process id while the server runs, else None."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    def start(self) -> Self:
        """Start and wait until questions are answered; on the same data after stop or kill."""
        if self.pid is not None:
            return self
        self.prepare()
        give_up_at = time.monotonic() + READY_WITHIN_SECONDS
        while True:
            self._launch()
            if self._wait_ready(give_up_at):
                return self
            # After a kill the old children may hold the memory or the port for a moment.
            if time.monotonic() >= give_up_at:
                self.kill()
                raise ServerFailed(f"{self.name} did not start.\n{self.log_tail()}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Ask the server to end and wait for it; a deaf one is killed."""
        self._end(self.stop_signal)

    def kill(self) -> None:
        """Kill it as a power cut would (SIGKILL); ``start`` then recovers the data."""
        self._end(signal.SIGKILL)

    def restart(self) -> Self:
        """Stop in order and start again on the same data and port."""
        self.stop()
        return self.start()

    def remove(self) -> None:
        """Stop and delete the folder; the object is of no use afterwards."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log_tail(self, lines: int = 20) -> str:
        """The last lines of the server's log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.remove()

    def run_as_owner(self, command: list[str]) -> list[str]:
        """The command line that runs ``command`` as the user who owns the folder."""
        dropped = ["setpriv", f"--pdeathsig={signal.Signals(self.stop_signal).name[3:]}"]
        if self.user is not None:
            dropped += [
                f"--reuid={self.user.pw_uid}",
                f"--regid={self.user.pw_gid}",
                "--clear-groups",
            ]
        return [*dropped, "--", *command]

    def _launch(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.run_as_owner(self.command()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C is for the test run, which then stops us
            )

    def _wait_ready(self, give_up_at: float) -> bool:
        while time.monotonic() < give_up_at and self.pid is not None:
            if self.is_ready():
                return True
            time.sleep(0.05)
        return False

    def _end(self, with_signal: signal.Signals) -> None:
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(with_signal)
            try:
                process.wait(STOPPED_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOPPED_WITHIN_SECONDS)
        self._process = None


def find_binary(name: str, *, package: str, folders: tuple[Path, ...] = ()) -> str:
    """The path of a server's binary: in ``folders`` (best first), else on the PATH.

    Raises ServerMissing with the name of the package that brings it.
    """
    for folder in folders:
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise ServerMissing(f"{name} is not installed. Type: apt-get install {package}")
    return found
