"""Confinement of the processes that read untrusted files.

The child limits itself (`confine`) before it touches the file; the parent (`run_confined`)
watches the clock and ends the child's whole process group. Files rather than pipes carry the
answer, so a child that writes without end meets its own file-size limit and cannot fill the
parent's memory.
"""

import contextlib
import ctypes
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CPU_SECONDS = 20
ADDRESS_SPACE_BYTES = 512 * 1024 * 1024
OPEN_FILES = 64
FILE_SIZE_BYTES = 256 * 1024 * 1024
ANSWER_BYTES = 4 * 1024 * 1024
READER_LEAST_BYTES = 192 * 1024 * 1024

# Every folder of ours begins so; those whose process was killed are older than any examination.
FOLDER_PREFIX = "preflight-"
LEFT_BEHIND_SECONDS = 900

PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_NO_NEW_PRIVS = 38


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a confined process ended: `too_slow` when the clock ran out, else its exit status."""

    answer: bytes
    complaint: str
    exit_status: int
    too_slow: bool


def confine(cpu_seconds: int = CPU_SECONDS) -> None:
    """Limit this process for the rest of its life: time, memory, files, core dumps, network.

    The network is taken away where the kernel lets an ordinary process do so; the readers that
    run here open no connection in any case.
    """
    os.umask(0o077)
    for limit, value in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, FILE_SIZE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


@contextlib.contextmanager
def workspace() -> Iterator[Path]:
    """A private folder for one examination, gone afterwards.

    A process that is killed leaves its folder behind; the next one takes it away.
    """
    with tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX) as name:
        ours = Path(name)
        made_at = ours.stat().st_mtime
        for folder in ours.parent.glob(f"{FOLDER_PREFIX}*"):
            with contextlib.suppress(OSError):
                facts = folder.stat()
                is_old = made_at - facts.st_mtime > LEFT_BEHIND_SECONDS
                if is_old and facts.st_uid == os.getuid():
                    shutil.rmtree(folder, ignore_errors=True)
        yield ours


def run_confined(module: str, *arguments: str, wall_seconds: float) -> Outcome:
    """Run `python -m module arguments` and wait at most `wall_seconds` for its answer.

    The child sees no environment of ours (no keys, no database address). Nothing that happens
    to it raises here.
    """
    with (
        tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX) as scratch,
        tempfile.TemporaryFile() as answer,
        tempfile.TemporaryFile() as complaint,
    ):
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=PROJECT_ROOT,
            env={
                "PATH": "/usr/local/bin:/usr/bin:/bin",
                "LANG": "C.UTF-8",
                "OMP_NUM_THREADS": "1",
                "TMPDIR": scratch,
            },
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=complaint,
            start_new_session=True,
        )
        too_slow = False
        try:
            process.wait(timeout=wall_seconds)
        except subprocess.TimeoutExpired:
            too_slow = True
        finally:
            # Also after a normal end: a grandchild must not outlive the question.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        answer.seek(0)
        complaint.seek(0)
        return Outcome(
            answer=answer.read(ANSWER_BYTES),
            complaint=complaint.read(4096).decode("utf-8", "replace"),
            exit_status=process.returncode,
            too_slow=too_slow or process.returncode == -signal.SIGXCPU,
        )


def run_reader(
    command: list[str], *, wall_seconds: float, may_be_cut: bool = False
) -> bytes | None:
    """Inside the confinement: the standard output of a reader program, None when it failed.

    With `may_be_cut`, what it had written before it failed or was stopped is an answer as well.
    The reader and the process that asks it have one allowance of memory between them.
    """
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    room = max(ADDRESS_SPACE_BYTES - ours, READER_LEAST_BYTES)
    with tempfile.TemporaryFile() as output:
        try:
            finished = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                timeout=wall_seconds,
                check=False,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (room, room)),
            )
        except subprocess.TimeoutExpired:
            if not may_be_cut:
                return None
        except OSError:
            return None
        else:
            if finished.returncode != 0 and not may_be_cut:
                return None
        output.seek(0)
        return output.read(ANSWER_BYTES)
