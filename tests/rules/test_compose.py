"""docker-compose.yml, Dockerfile and Procfile fit the settings; no container engine needed."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from scripts.settings_names import settings_names
from tests.rules.source import ROOT

COMPOSE = ROOT / "docker-compose.yml"
OURS = ("web", "worker", "beat")
# Passwords of the bundled services: variables of the compose file, not of the site.
OF_SERVICES = {"POSTGRES_PASSWORD", "REDIS_PASSWORD"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return parsed


def test_every_service_of_the_product_is_there(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {*OURS, "postgres", "redis", "s3", "mail"}


def test_every_service_has_a_health_check(compose: dict[str, Any]) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    without = [
        name for name, service in compose["services"].items() if "healthcheck" not in service
    ]
    assert without == ["web"], "web uses the image's own"
    assert "HEALTHCHECK" in dockerfile


def test_the_site_gets_known_settings_only(compose: dict[str, Any]) -> None:
    for name in OURS:
        assert set(compose["services"][name]["environment"]) - settings_names() == set()


def test_every_variable_asked_from_the_person_is_explained() -> None:
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", COMPOSE.read_text()))
    assert asked - settings_names() == OF_SERVICES
    head = COMPOSE.read_text().split("\nx-site:")[0]
    assert [name for name in sorted(OF_SERVICES) if name not in head] == []


def test_secrets_have_no_default() -> None:
    secret = re.compile(r"(?<!\$)\$\{(\w*(?:PASSWORD|SECRET_KEY|ACCESS_KEY))(:?[-?]?)")
    defaults = {name: mark for name, mark in secret.findall(COMPOSE.read_text()) if mark != ":?"}
    assert defaults == {}


def test_addresses_name_services_of_this_file(compose: dict[str, Any]) -> None:
    environment = compose["services"]["web"]["environment"]
    hosts = {
        name: re.search(r"(?:@|//)([a-z0-9]+):\d+", str(environment[name]))
        for name in ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "S3_ENDPOINT_URL", "EMAIL_URL")
    }
    assert {name: found and found[1] for name, found in hosts.items()} == {
        "DATABASE_URL": "postgres",
        "REDIS_URL": "redis",
        "CACHE_URL": "redis",
        "S3_ENDPOINT_URL": "s3",
        "EMAIL_URL": "mail",
    }


def test_redis_keeps_what_it_is_given(compose: dict[str, Any]) -> None:
    command = " ".join(compose["services"]["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_only_the_site_and_the_mail_catcher_listen_and_only_on_this_machine(
    compose: dict[str, Any],
) -> None:
    ports = {n: s["ports"] for n, s in compose["services"].items() if "ports" in s}
    assert ports == {"web": ["127.0.0.1:8000:8000"], "mail": ["127.0.0.1:8025:8025"]}


def test_named_volumes_are_declared(compose: dict[str, Any]) -> None:
    used = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    }
    assert used == set(compose["volumes"])


def test_there_is_exactly_one_scheduler(compose: dict[str, Any]) -> None:
    commands = [str(service.get("command", "")) for service in compose["services"].values()]
    assert sum(" beat" in command for command in commands) == 1
    procfile = (ROOT / "Procfile").read_text().splitlines()
    assert sum(" beat" in line or "--beat" in line for line in procfile) == 1


def test_the_image_is_locked_and_has_no_root() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes -r requirements.production.lock" in dockerfile
    assert "\nUSER site\n" in dockerfile
