"""A whole site in its own processes, as `make run` starts it, on an empty folder."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from scripts.settings_names import embedded_settings
from tests.services.process import free_port

ROOT = Path(__file__).resolve().parents[2]
# Half a minute on a quiet machine; others may be at work beside.
READY_WITHIN_SECONDS = 300


class Site:
    """Web server, worker and scheduler on the embedded defaults, with the invented people."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printed: list[str] = []
        self.address = ""

    def start(self) -> None:
        """Start and wait until the address is printed and answers."""
        environment = {
            **embedded_settings(os.environ),
            "VAR_DIR": str(self.folder),
            # Two test workers may start a site each at the same moment.
            "PORT": str(free_port()),
        }
        # The tests' own settings have another database and no rehearsal.
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "scripts" / "serve.py")],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        give_up_at = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < give_up_at:
            found = re.search(r"Ready after .*?(http://\S+)", "\n".join(self.printed))
            if found:
                self.address = found[1].rstrip("/")
                with urllib.request.urlopen(f"{self.address}/health/", timeout=10) as answer:
                    assert answer.status == 200
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        else:
            self.stop()
        raise AssertionError("The site did not start:\n" + "\n".join(self.printed[-40:]))

    def stop(self) -> None:
        """Stop as Ctrl-C does, and see that nothing is left."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line.rstrip())
