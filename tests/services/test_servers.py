"""The test servers themselves: they start, survive a kill, and leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis

from tests.services import PostgresServer, RedisServer, ServerMissing
from tests.services.process import find_binary


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    with PostgresServer(durable=True) as server:
        yield server


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


def ask(server: PostgresServer, query: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(server.url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []


@pytest.mark.faults
def test_postgres_keeps_committed_rows_over_a_kill(postgres: PostgresServer) -> None:
    ask(postgres, "create table kept (word text)")
    ask(postgres, "insert into kept values ('before')")
    first = postgres.pid
    postgres.kill()
    assert postgres.pid is None
    with pytest.raises(psycopg2.OperationalError):
        ask(postgres, "select 1")
    postgres.start()
    assert postgres.pid != first
    assert ask(postgres, "select word from kept") == [("before",)]


@pytest.mark.faults
def test_postgres_restarts_on_the_same_port(postgres: PostgresServer) -> None:
    url = postgres.url
    postgres.restart()
    assert postgres.url == url
    assert ask(postgres, "select 1") == [(1,)]


@pytest.mark.faults
def test_postgres_has_trigrams(postgres: PostgresServer) -> None:
    ask(postgres, "create extension pg_trgm")
    assert ask(postgres, "select similarity('imaging', 'imaging')") == [(1.0,)]


@pytest.mark.faults
def test_redis_keeps_an_old_write_over_a_kill(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.set("kept", "before")
    redis_server.kill()
    redis_server.start()
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.get("kept") == b"before"


@pytest.mark.faults
def test_remove_leaves_nothing_behind() -> None:
    server = RedisServer().start()
    folder, pid = server.folder, server.pid
    server.remove()
    assert (folder.exists(), Path(f"/proc/{pid}").exists()) == (False, False)


def test_a_missing_binary_is_an_error_that_names_its_package() -> None:
    with pytest.raises(ServerMissing, match="apt-get install no-such-package"):
        find_binary("no-such-server", package="no-such-package")
