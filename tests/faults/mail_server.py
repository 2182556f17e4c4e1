"""A mail server that can be told to hang, and that remembers what it has accepted."""

from __future__ import annotations

import email
import socketserver
import threading
from collections import Counter
from email.message import Message


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as our mails need. A mail counts once it is answered with 250.

    ``hang`` holds every mail after its text has begun and before it is accepted, as a slow server
    does; ``hanging`` is set when one is held.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.accepted: list[tuple[str, Message]] = []
        self.may_accept = threading.Event()
        self.may_accept.set()
        self.hanging = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """The value for EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def hang(self) -> None:
        """Accept nothing until ``go_on``."""
        self.hanging.clear()
        self.may_accept.clear()

    def go_on(self) -> None:
        """Accept again. Whatever was held belongs to a client that is gone by now."""
        self.may_accept.set()

    def times(self) -> Counter[tuple[str, str]]:
        """How often each mail came, by Message-ID and recipient."""
        return Counter((str(mail["Message-ID"]), to) for to, mail in self.accepted)

    def about(self, words: str) -> list[str]:
        """To whom mails went whose subject holds these words."""
        return [to for to, mail in self.accepted if words in str(mail["Subject"])]


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        to: list[str] = []
        self._say("220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._take(to)
                to = []
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                if verb == b"RCPT":
                    to.append(line.decode().partition("<")[2].partition(">")[0])
                self._say("250 fine")

    def _take(self, to: list[str]) -> None:
        self._say("354 go ahead")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if not self.server.may_accept.is_set():
            self.server.hanging.set()
            # Whoever is killed while we wait has not been told that the mail was taken.
            self.server.may_accept.wait(60)
            return
        mail = email.message_from_bytes(b"".join(lines))
        self.server.accepted += [(address, mail) for address in to]
        self._say("250 accepted")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
