"""Fail when a test was skipped because something it needs was not there.

    python scripts/refuse_skips.py FOLDER    with the results that scripts/run_tests.py left

The only reason that passes names the corpora beside the checkout, which are optional.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

OPTIONAL = "../shared"


def skipped(results: Path) -> list[str]:
    """One line for each skipped test of a results file: name and reason."""
    tree = ElementTree.parse(results)
    return [
        f"{case.get('classname')}::{case.get('name')}: {skip.get('message', '')}"
        for case in tree.iter("testcase")
        for skip in case.iter("skipped")
        if skip.get("type") != "pytest.xfail"
    ]


def main(folder: Path) -> int:
    """Exit status: 1 when a skip is not allowed or there are no results at all."""
    files = sorted(folder.glob("*.xml"))
    if not files:
        print(f"There are no test results in {folder}.")
        return 1
    refused = [line for file in files for line in skipped(file) if OPTIONAL not in line]
    for line in refused:
        print(f"Skipped: {line}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
