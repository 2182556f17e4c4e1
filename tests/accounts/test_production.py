"""The settings of a public site, read in a process of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

QUESTION = """
import json
import django
django.setup()
from django.conf import settings
from django.urls import get_resolver

def addresses(patterns, before=""):
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, here)
        else:
            yield here

names = [
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY",
    "REQUIRE_SECOND_FACTOR", "ACCOUNT_PREVENT_ENUMERATION", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
    "PASSWORD_HASHERS",
]
print(json.dumps({
    "settings": {name: getattr(settings, name) for name in names},
    "addresses": list(addresses(get_resolver().url_patterns)),
    "apps": list(settings.INSTALLED_APPS),
}))
"""


def ask(folder: Path, **environment: str) -> dict[str, Any]:
    answer = subprocess.run(
        [sys.executable, "-c", QUESTION],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "tmi_special_issue.settings",
            "VAR_DIR": str(folder),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "CACHE_URL": "",
            "EMAIL_URL": "",
            "S3_BUCKET": "",
            "ORCID_CLIENT_ID": "",
            "DEBUG": "0",
            "REHEARSAL": "0",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


PRODUCTION = {"SITE_URL": "https://special-issue.example", "SECRET_KEY": "p" * 64}


@pytest.mark.slow
def test_production_has_safe_cookies_and_no_rehearsal(tmp_path: Path) -> None:
    found = ask(tmp_path, **PRODUCTION)
    assert found["settings"] == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "REQUIRE_SECOND_FACTOR": True,
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
    }
    assert [address for address in found["addresses"] if "rehearsal" in address] == []
    assert [address for address in found["addresses"] if "sign-in-as" in address] == []
    assert [address for address in found["addresses"] if "orcid" in address] == []


@pytest.mark.slow
def test_the_rehearsal_has_the_page_that_production_lacks(tmp_path: Path) -> None:
    """The positive control: the search above would find the page if it were there."""
    found = ask(tmp_path, REHEARSAL="1", SITE_URL="http://localhost:8000")
    assert "rehearsal/sign-in-as/" in found["addresses"]
    assert found["settings"]["REQUIRE_SECOND_FACTOR"] is False


@pytest.mark.slow
def test_orcid_appears_when_the_site_is_registered_there(tmp_path: Path) -> None:
    found = ask(tmp_path, **PRODUCTION, ORCID_CLIENT_ID="APP-1", ORCID_CLIENT_SECRET="s")
    assert "allauth.socialaccount.providers.orcid" in found["apps"]
    assert [address for address in found["addresses"] if "orcid/login" in address]
