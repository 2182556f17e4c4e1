"""Parts of a file that is still on its way in, kept in the private storage until it is whole.

Each part is an object of its own, so that any web machine can take the next one, and a storage
that cannot append, such as S3, serves as well as a folder.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from tmi_special_issue.identifiers import new_public_id
from tmi_special_issue.refusal import Refusal

FOLDER = "parts"
CHUNK = 1024 * 1024


def keep(folder: str, content: bytes) -> str:
    """Keep one part; the name by which it is joined later. Raises Refusal when it cannot."""
    name = new_public_id()
    try:
        _storage().save(f"{FOLDER}/{folder}/{name}", ContentFile(content))
    except Exception as error:  # every storage raises its own kind
        raise _unavailable() from error
    return name


@contextmanager
def joined(folder: str, names: list[str]) -> Iterator[IO[bytes]]:
    """The parts in this order as one temporary file, which vanishes at the end of the block."""
    with tempfile.SpooledTemporaryFile(
        max_size=CHUNK, dir=str(settings.FILE_UPLOAD_TEMP_DIR)
    ) as whole:
        try:
            for name in names:
                with _storage().open(f"{FOLDER}/{folder}/{name}") as part:
                    for chunk in part.chunks(CHUNK):
                        whole.write(chunk)
        except Exception as error:  # every storage raises its own kind
            raise _unavailable() from error
        whole.seek(0)
        yield cast(IO[bytes], whole)


def drop_one(folder: str, name: str) -> None:
    """Remove a part that came too late or twice."""
    with suppress(Exception):
        _storage().delete(f"{FOLDER}/{folder}/{name}")


def drop(folder: str) -> None:
    """Remove all parts of one file. What cannot be removed now is swept later."""
    with suppress(Exception):
        for name in _storage().listdir(f"{FOLDER}/{folder}")[1]:
            _storage().delete(f"{FOLDER}/{folder}/{name}")
        _storage().delete(f"{FOLDER}/{folder}")


def folders() -> list[str]:
    """Every folder that has parts, whether or not a row knows of it."""
    try:
        return sorted(_storage().listdir(FOLDER)[0])
    except FileNotFoundError:
        return []


def _storage() -> Storage:
    return storages["private"]


def _unavailable() -> Refusal:
    return Refusal(
        "storage_unavailable",
        "The file could not be kept just now. What has arrived so far is safe, and sending it "
        "again in a few minutes goes on from there.",
        status=503,
    )
