"""The supervisor keeps programs alive, ends them all, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.supervisor import Child, Supervisor
from tests.rules.source import ROOT

SLEEPER = "import time\nwhile True: time.sleep(1)"
# A program with a child of its own that does not listen to SIGTERM.
STUBBORN_FAMILY = """
import signal, subprocess, sys, time
subprocess.Popen([sys.executable, "-c",
    "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "open(r'{note}', 'w').write(str(os.getpid()));\\nwhile True: time.sleep(1)"])
while True: time.sleep(1)
"""


def child(tmp_path: Path, program: str, name: str = "sleeper") -> Child:
    command = [sys.executable, "-c", program]
    return Child(name, command, dict(os.environ), tmp_path / f"{name}.log", tmp_path)


def soon(condition: Callable[[], object], seconds: float = 15) -> bool:
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if condition():
            return True
        time.sleep(0.05)
    return False


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def said() -> list[str]:
    return []


def test_a_program_that_dies_is_started_again(tmp_path: Path, said: list[str]) -> None:
    one = child(tmp_path, SLEEPER)
    supervisor = Supervisor([one], said.append)
    one.start()
    assert one.process is not None
    first = one.process.pid
    os.kill(first, signal.SIGKILL)
    assert soon(one.has_ended)
    assert supervisor.revive() is True
    assert one.process.pid != first
    supervisor.stop()
    assert said == ["The sleeper ended by itself; starting it again."]


def test_a_program_that_keeps_dying_ends_the_run_with_its_last_words(
    tmp_path: Path, said: list[str]
) -> None:
    one = child(tmp_path, "import sys; sys.exit('no room left')", "worker")
    supervisor = Supervisor([one], said.append)
    one.start()
    assert soon(lambda: not supervisor.revive())
    assert said[-2].startswith("The worker keeps ending.")
    assert "no room left" in said[-1]
    supervisor.stop()


def test_stop_ends_grandchildren_that_do_not_listen(tmp_path: Path, said: list[str]) -> None:
    note = tmp_path / "grandchild"
    one = child(tmp_path, STUBBORN_FAMILY.format(note=note))
    supervisor = Supervisor([one], said.append)
    one.start()
    assert soon(lambda: note.exists() and note.read_text())
    grandchild = int(note.read_text())
    supervisor.stop()
    assert one.has_ended()
    assert soon(lambda: not is_alive(grandchild))


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    program = f"""
import os, pathlib, sys, time
sys.path.insert(0, {str(ROOT)!r})
from scripts.supervisor import Child
folder = pathlib.Path({str(tmp_path)!r})
one = Child("x", [sys.executable, "-c", {SLEEPER!r}], dict(os.environ), folder / "log", folder)
one.start()
(folder / "pid").write_text(str(one.process.pid))
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", program])
    assert soon(lambda: note.exists() and note.read_text())
    pid = int(note.read_text())
    time.sleep(0.5)  # the child needs a moment to ask the kernel for the signal
    assert is_alive(pid)
    parent.kill()
    parent.wait()
    assert soon(lambda: not is_alive(pid))
