"""The shared cache, which counts attempts to sign in, without taking the site down with it."""

from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


def _in_either(name: str) -> Callable[..., Any]:
    def call(cache: "RedisOrMemoryCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(RedisOrMemoryCache, cache), name)(*args, **kwargs)
        except RedisError as error:
            log.warning("cache_unreachable", act=name, error=str(error)[:200])
            return getattr(cache.memory, name)(*args, **kwargs)

    call.__name__ = name
    return call


class RedisOrMemoryCache(RedisCache):
    """Redis; while it does not answer, the memory of each process.

    The cache holds rate limits and nothing that could be lost. While Redis is away they count per
    process, so somebody who guesses has a few tries more; the alternative is that nobody can sign
    in.
    """

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.memory = LocMemCache("while-redis-is-away", {})

    add = _in_either("add")
    get = _in_either("get")
    set = _in_either("set")
    touch = _in_either("touch")
    delete = _in_either("delete")
    get_many = _in_either("get_many")
    has_key = _in_either("has_key")
    incr = _in_either("incr")
    set_many = _in_either("set_many")
    delete_many = _in_either("delete_many")
    clear = _in_either("clear")
