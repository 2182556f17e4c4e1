"""Health check of a container: exit 0 when the asked part of the site works.

python scripts/health.py web    [http://127.0.0.1:8000]   the site can serve
python scripts/health.py schedule [http://web:8000]       the minute's tick has run lately
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request

DEFAULT_ADDRESS = "http://127.0.0.1:8000"
# What the proxy in front would send; the host is one that the site always answers to.
HEADERS = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}


def is_healthy(part: str, address: str) -> bool:
    """Ask the health page; an error page of it is an answer too."""
    request = urllib.request.Request(f"{address}/health/", headers=HEADERS)
    try:
        with urllib.request.urlopen(request, timeout=4) as response:
            answer = json.load(response)
    except (urllib.error.URLError, OSError, ValueError):
        return False
    if part == "web":
        return bool(answer["state"] != "down")
    return bool(answer["checks"][part])


if __name__ == "__main__":
    arguments = [*sys.argv[1:], DEFAULT_ADDRESS]
    sys.exit(not is_healthy(arguments[0], arguments[1]))
