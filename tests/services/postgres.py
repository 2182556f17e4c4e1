"""A throw-away PostgreSQL cluster."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import psycopg2

from tests.services.process import Server, ServerFailed, find_binary

SUPERUSER = "tmi"
DATABASE = "tmi"


def binary_folders() -> tuple[Path, ...]:
    """Debian's folders of PostgreSQL's binaries, newest version first."""
    found = Path("/usr/lib/postgresql").glob("*/bin")
    return tuple(sorted(found, key=lambda folder: -float(folder.parent.name)))


class PostgresServer(Server):
    """PostgreSQL with fast, unsafe disk settings; ``durable=True`` for tests of a power cut."""

    name = "postgres"
    stop_signal = signal.SIGINT  # PostgreSQL's "fast" shutdown

    def __init__(self, *, port: int | None = None, durable: bool = False) -> None:
        super().__init__(port=port)
        self.durable = durable
        self.data = self.folder / "data"

    @property
    def url(self) -> str:
        """The value for DATABASE_URL."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The address of another database of this cluster."""
        return f"postgres://{SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Make the cluster once; it trusts local connections, as it lives for one run."""
        if self.data.exists():
            return
        initdb = find_binary("initdb", package="postgresql", folders=binary_folders())
        made = subprocess.run(
            self.run_as_owner(
                [
                    initdb,
                    f"--pgdata={self.data}",
                    f"--username={SUPERUSER}",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                ]
            ),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise ServerFailed(f"initdb failed.\n{made.stdout}{made.stderr}")

    def command(self) -> list[str]:
        """``postgres`` itself, no pg_ctl, so that our child is the postmaster."""
        postgres = find_binary("postgres", package="postgresql", folders=binary_folders())
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_min_messages": "warning",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [postgres, "-D", str(self.data), "-p", str(self.port), *settings]

    def is_ready(self) -> bool:
        """Whether it takes a query; makes our database at the first time."""
        try:
            connection = psycopg2.connect(self.url_of("postgres"), connect_timeout=2)
        except psycopg2.OperationalError:
            return False
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("select 1 from pg_database where datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f'create database "{DATABASE}"')
        finally:
            connection.close()
        return True
