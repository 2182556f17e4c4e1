"""Packages and the files inside them import only what stands below them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.rules.source import ROOT


def test_import_linter_keeps_every_contract() -> None:
    ran = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " 0 broken" in ran.stdout
