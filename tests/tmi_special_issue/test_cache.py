"""The shared cache: Redis when it answers, the memory of the process when it does not."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.services import RedisServer
from tmi_special_issue.cache import RedisOrMemoryCache

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
HURRIED = {"OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}}


def test_it_remembers_while_redis_is_away() -> None:
    cache = RedisOrMemoryCache(NOBODY_LISTENS, HURRIED)
    assert cache.add("tries", 1)
    assert not cache.add("tries", 1)
    assert cache.incr("tries") == 2
    assert cache.get_many(["tries", "none"]) == {"tries": 2}
    cache.set("tries", 7, timeout=60)
    assert (cache.get("tries"), cache.has_key("tries"), cache.touch("tries", 9)) == (7, True, True)
    cache.delete("tries")
    assert cache.get("tries", "none") == "none"


@pytest.mark.faults
def test_it_comes_back_with_redis() -> None:
    with RedisServer() as server:
        cache = RedisOrMemoryCache(server.url, HURRIED)
        cache.set("before", 1, timeout=60)
        server.kill()
        assert cache.get("before") is None
        cache.set("meanwhile", 2)
        assert cache.get("meanwhile") == 2
        server.start()
        cache.set("after", 3)
        assert cache.get("after") == 3


@pytest.mark.django_db
def test_people_sign_in_while_redis_is_away(client: Client, settings: Any, ada: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "tmi_special_issue.cache.RedisOrMemoryCache",
            "LOCATION": NOBODY_LISTENS,
            **HURRIED,
        }
    }
    from tests.people import PASSWORD

    response = client.post(
        reverse("account_login"), {"login": ada.email, "password": PASSWORD}, follow=False
    )
    assert response.status_code == 302
    assert "_auth_user_id" in client.session
