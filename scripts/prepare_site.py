"""Bring database, static files, call and invented people up to date, in one process.

Called by ``scripts/serve.py`` with the settings in the environment. Steps and their times go to
standard error; standard output carries only what the demo says about its accounts. Every step
may run again on what is there.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tmi_special_issue.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402

CALL = ROOT / "calls" / "foundation-models-2024.toml"


def run(title: str, *commands: tuple[str, ...]) -> str:
    """Run management commands as one step; what they printed."""
    started = time.monotonic()
    said = io.StringIO()
    try:
        for name, *arguments in commands:
            call_command(name, *arguments, stdout=said)
    except (Exception, SystemExit) as problem:  # whatever it is, a person must read a sentence
        if not isinstance(problem, CommandError):
            log = settings.VAR_DIR / "log" / "set_up.log"
            with log.open("a") as file:
                traceback.print_exc(file=file)
            sys.exit(f"{title} failed: {problem}\nThe details are in {log}.")
        sys.exit(f"{title} failed: {problem}")
    print(f"  {title}: {time.monotonic() - started:.1f} s", file=sys.stderr)
    return said.getvalue()


def fingerprint(folder: Path) -> str:
    """Changes when a file below the folder, or the lock of the packages, changes."""
    lines = [
        f"{path.relative_to(folder)} {path.stat().st_size} {path.stat().st_mtime_ns}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    lines.append((ROOT / "requirements.lock").read_text())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def collect_static_files() -> None:
    """Collect and compress the static files when one of them has changed."""
    stamp, now = settings.VAR_DIR / "static.stamp", fingerprint(ROOT / "static")
    if not (stamp.exists() and stamp.read_text() == now):
        run("Static files", ("collectstatic", "--no-input", "--clear"))
        stamp.write_text(now)


def main() -> None:
    """All steps."""
    django.setup()
    (settings.VAR_DIR / "log").mkdir(parents=True, exist_ok=True)
    run("Database", ("migrate", "--no-input"), ("createcachetable",))
    collect_static_files()
    run("The call", ("open_issue", str(CALL)))
    print(run("Invented manuscripts", ("open_rehearsal",)))


if __name__ == "__main__":
    main()
