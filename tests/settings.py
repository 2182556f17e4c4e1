"""The site's own settings under test conditions.

Not another configuration: it sets the environment as a deployment would (public https address,
no debug, no rehearsal) and changes only what would make tests slow or leave traces. Without
DATABASE_URL the tests run on SQLite, without REDIS_URL on the embedded broker;
``scripts/run_tests.py`` gives both.
"""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

TEST_FOLDER = Path(tempfile.mkdtemp(prefix="tmi-test-"))
(TEST_FOLDER / "static").mkdir()
atexit.register(shutil.rmtree, TEST_FOLDER, ignore_errors=True)

os.environ.update(
    {
        "DEBUG": "0",
        "REHEARSAL": os.environ.get("TEST_REHEARSAL", "0"),
        "SITE_URL": "http://testserver",
        "SECRET_KEY": "only-for-tests-" + "x" * 50,
        "VAR_DIR": str(TEST_FOLDER),
        "EMAIL_URL": "",
        "S3_BUCKET": "",
        "ORCID_CLIENT_ID": "",
        "LOG_LEVEL": "WARNING",
    }
)
for name in ("DATABASE_URL", "REDIS_URL", "CACHE_URL"):
    # An address in a developer's .env must not become the database of the tests.
    os.environ.setdefault(name, "")

# Parallel workers share one Redis: each has two of its numbered databases, broker and cache.
_worker = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0)
if os.environ["REDIS_URL"]:
    _server = os.environ["REDIS_URL"].rsplit("/", 1)[0]
    os.environ["REDIS_URL"] = f"{_server}/{2 * _worker}"
    os.environ["CACHE_URL"] = f"{_server}/{2 * _worker + 1}"

from tmi_special_issue.settings import *  # noqa: E402, F403
from tmi_special_issue.settings import DATABASES, STORAGES  # noqa: E402

# Argon2 takes 50 to 300 ms by design; a rule test looks at the real list.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Hashed names need collectstatic first; a rule test runs that on its own.
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}

# A test holds one transaction for all it does, setting of papers included; no request does.
if "options" in DATABASES["default"]["OPTIONS"]:
    DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"
