"""Real servers for tests: PostgreSQL and Redis from the installed binaries, on free ports.

They can be stopped, killed and started again on the same data, so that fault tests can break
them. A missing binary raises ``ServerMissing``: a test must fail for it, never skip.
"""

from tests.services.postgres import PostgresServer
from tests.services.process import ServerFailed, ServerMissing
from tests.services.redis import RedisServer

__all__ = ["PostgresServer", "RedisServer", "ServerFailed", "ServerMissing"]
