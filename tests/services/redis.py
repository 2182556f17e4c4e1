"""A throw-away Redis with an append-only file."""

from __future__ import annotations

import redis

from tests.services.process import Server, find_binary


class RedisServer(Server):
    """Redis as in production: append-only, no eviction. ``durable=False`` keeps nothing on disk."""

    name = "redis"

    def __init__(self, *, port: int | None = None, durable: bool = True) -> None:
        super().__init__(port=port)
        self.durable = durable

    @property
    def url(self) -> str:
        """The value for REDIS_URL (database 0)."""
        return self.url_of(0)

    def url_of(self, database: int) -> str:
        """The address of one of Redis' 64 numbered databases."""
        return f"redis://127.0.0.1:{self.port}/{database}"

    def command(self) -> list[str]:
        """``redis-server`` with its settings on the command line, no file of the machine."""
        redis_server = find_binary("redis-server", package="redis-server")
        settings = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(self.folder),
            "databases": "64",
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return [
            redis_server,
            *(part for name, value in settings.items() for part in (f"--{name}", value)),
        ]

    def is_ready(self) -> bool:
        """Whether it answers PING (it does not while it loads its file)."""
        with redis.Redis(port=self.port, socket_timeout=2) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False
