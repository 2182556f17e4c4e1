"""``scripts/set_up.sh`` on a machine that is not as it should be: each time a sentence.

The script runs on a copy of the checkout's few files, with a PATH of our own making, so that a
program can be missing and nothing of this machine is changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
NEEDED = [
    *("bash", "cat", "chmod", "cut", "dirname", "env", "fc-list", "flock", "grep", "head"),
    *("ldconfig", "mkdir", "mktemp", "pdftotext", "python3", "rm", "sha256sum", "tail"),
]
NOWHERE = "http://127.0.0.1:1/"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the script looks at."""
    copy = tmp_path / "checkout"
    (copy / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "set_up.sh", copy / "scripts")
    (copy / "requirements.lock").write_text("no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    return copy


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with the programs that the machine has, and no others."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NEEDED:
        found = shutil.which(name) or shutil.which(name, path="/sbin:/usr/sbin")
        if found:
            (folder / name).symlink_to(found)
    (folder / "python3").unlink()
    (folder / "python3").symlink_to(sys.executable)
    return folder


def put(folder: Path, name: str, script: str) -> None:
    """A program of our own in place of the machine's."""
    path = folder / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def set_up(checkout: Path, programs: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/bash", str(checkout / "scripts" / "set_up.sh"), "run"],
        env={
            "PATH": str(programs),
            "HOME": str(checkout),
            "PIP_INDEX_URL": NOWHERE,
            "PIP_RETRIES": "0",
            "PIP_CONFIG_FILE": os.devnull,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_without_the_right_to_install_one_line_says_what_to_type(
    checkout: Path, programs: Path
) -> None:
    (programs / "pdftotext").unlink()
    put(programs, "id", "echo 1000")
    put(programs, "sudo", "exit 1")
    put(programs, "apt-get", "touch apt-get-was-called; exit 100")
    ran = set_up(checkout, programs)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "sudo apt-get install -y --no-install-recommends poppler-utils" in ran.stderr
    assert "make run again" in ran.stderr
    assert not (checkout / "apt-get-was-called").exists()
    assert not (checkout / ".venv").exists()


def test_when_installing_fails_the_reason_and_the_line_are_told(
    checkout: Path, programs: Path
) -> None:
    (programs / "pdftotext").unlink()
    put(programs, "id", "echo 0")
    put(programs, "apt-get", "echo 'E: Could not resolve the mirror'; exit 100")
    ran = set_up(checkout, programs)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "E: Could not resolve the mirror" in ran.stderr
    assert "apt-get install -y --no-install-recommends poppler-utils" in ran.stderr


@pytest.mark.slow
def test_a_first_set_up_without_a_network_says_so(checkout: Path, programs: Path) -> None:
    ran = set_up(checkout, programs)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "A first set-up needs a network." in ran.stderr
    assert not (checkout / ".venv" / "locked").exists()


def test_after_the_installation_no_network_is_needed(checkout: Path, programs: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    lock = (checkout / "requirements.lock").read_bytes()
    (checkout / ".venv" / "locked").write_text(hashlib.sha256(lock).hexdigest())
    ran = set_up(checkout, programs)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
