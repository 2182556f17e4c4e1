"""Stops taking in a file as soon as it is larger than its limit (`security.md` 5.3, step 1)."""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest


class LimitedUpload(FileUploadHandler):
    """Counts the bytes of a file while they come in; the rest is read over and not kept."""

    def __init__(self, request: HttpRequest, byte_limit: int) -> None:
        super().__init__(request)
        self.byte_limit = byte_limit
        self.byte_count = 0
        self.is_exceeded = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.byte_count += len(raw_data)
        if self.byte_count > self.byte_limit:
            self.is_exceeded = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
