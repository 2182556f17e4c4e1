"""Keep a few long-running programs alive together, and end them together.

Each program runs in a process group of its own with its output in a log file. One that dies is
started again after a moment; one that keeps dying ends the whole run with the end of its log.
Nothing outlives the supervisor: it asks the programs to end, waits, then kills what is left of
their groups, and should it be killed itself, the kernel tells the programs.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

GRACE_SECONDS = 15.0
TOO_SHORT_A_LIFE_SECONDS = 10.0
SHORT_LIVES_ALLOWED = 3


@dataclass
class Child:
    """One program: its name, command line, environment and log."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path
    short_lives: int = 0
    started_at: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it in a new session, told by the kernel when we die."""
        told = ["setpriv", "--pdeathsig=TERM", "--"] if shutil.which("setpriv") else []
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*told, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                cwd=self.folder,
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    def has_ended(self) -> bool:
        """Whether the program is not running now."""
        return self.process is None or self.process.poll() is not None

    def ask_to_end(self) -> None:
        """SIGTERM to the program; it ends its own children in order."""
        if self.process is not None and not self.has_ended():
            self.process.terminate()

    def sweep(self) -> None:
        """Kill whatever is left of its process group, and collect the program itself."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


class Supervisor:
    """Runs children until asked to stop. ``say`` gets sentences for the person at the screen."""

    def __init__(self, children: Sequence[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.stop_asked = False
        self.hurry = False

    def ask_to_stop(self, *_: object) -> None:
        """Signal handler: the first call ends in order, a second one at once."""
        self.hurry = self.stop_asked
        self.stop_asked = True

    def start(self) -> None:
        """Start every child and take over the signals that end a program."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)
        for child in self.children:
            child.start()

    def watch(self) -> bool:
        """Look after the children until the stop; False when one cannot be kept alive."""
        while not self.stop_asked:
            if not self.revive():
                return False
            time.sleep(0.2)
        return True

    def revive(self) -> bool:
        """Start again what has ended; False when a child has died too often too soon."""
        for child in self.children:
            if not child.has_ended():
                continue
            child.sweep()
            lived = time.monotonic() - child.started_at
            child.short_lives = child.short_lives + 1 if lived < TOO_SHORT_A_LIFE_SECONDS else 1
            if child.short_lives > SHORT_LIVES_ALLOWED:
                self.say(f"The {child.name} keeps ending. The end of {child.log}:")
                self.say(child.log_tail())
                return False
            self.say(f"The {child.name} ended by itself; starting it again.")
            child.start()
        return True

    def stop(self) -> None:
        """End all children: in order within the grace, then by force, groups included."""
        for child in self.children:
            child.ask_to_end()
        give_up_at = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < give_up_at and not self.hurry:
            if all(child.has_ended() for child in self.children):
                break
            time.sleep(0.1)
        for child in self.children:
            child.sweep()
