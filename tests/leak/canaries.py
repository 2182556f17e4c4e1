"""Secrets that can be recognised anywhere, in whatever form they come out.

A plain search for a name finds few leaks: the rest come out hashed, encoded, folded to ASCII or
inside a compressed stream. Each canary is therefore looked for in all the forms below.
"""

import base64
import codecs
import hashlib
import html
import json
import quopri
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote


@dataclass(frozen=True)
class Canary:
    """One secret of the world and who may see it.

    `asset` names it for people ("name of reviewer 2"); `allowed` holds the principals, by their
    name in the cast, for whom it is no secret.
    """

    asset: str
    value: str
    allowed: frozenset[str]

    @cached_property
    def forms(self) -> dict[str, bytes]:
        return dict(derived_forms(self.value))


def derived_forms(value: str) -> Iterator[tuple[str, bytes]]:
    """Every form of a value in which it could leave the house, with the form's name."""
    texts = {
        "as is": value,
        "lower": value.lower(),
        "upper": value.upper(),
        "decomposed": unicodedata.normalize("NFD", value),
        "percent": quote(value, safe=""),
        "html": html.escape(value),
        "html decimal": "".join(f"&#{ord(c)};" for c in value),
        "html hex": "".join(f"&#x{ord(c):x};" for c in value),
        "json": json.dumps(value)[1:-1],
        "rot13": codecs.encode(value, "rot13"),
    }
    folded = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    if len(folded) > 6:
        texts["ascii"] = folded
    for name, text in texts.items():
        yield name, text.encode()
    raw = value.encode()
    yield "quoted-printable", quopri.encodestring(raw)
    yield "hex", raw.hex().encode()
    yield "utf-16-le", value.encode("utf-16-le")
    yield "utf-16-be", value.encode("utf-16-be")
    for shift in range(3):
        # Base 64 in the middle of other bytes: drop the characters that depend on neighbours.
        padded = b"x" * shift + raw
        whole = base64.b64encode(padded).rstrip(b"=")
        core = whole[[0, 2, 3][shift] : -1]
        if len(core) >= 8:
            yield f"base64 at {shift}", core
            yield f"base64url at {shift}", core.replace(b"+", b"-").replace(b"/", b"_")
    for text in {value, value.strip().lower()}:
        for algorithm in ("md5", "sha1", "sha256"):
            digest = hashlib.new(algorithm, text.encode(), usedforsecurity=False)
            yield f"{algorithm} of {text!r}", digest.hexdigest().encode()
            yield f"{algorithm} base64 of {text!r}", base64.b64encode(digest.digest()).rstrip(b"=")


@dataclass
class Finding:
    """A canary that was seen by somebody who may not see it."""

    principal: str
    where: str
    asset: str
    form: str
    around: str

    def __str__(self) -> str:
        return f"{self.principal} sees {self.asset} ({self.form}) at {self.where}: …{self.around}…"


@dataclass
class Ledger:
    """What the crawl has seen: the leaks, and which canaries were alive at all."""

    canaries: list[Canary]
    leaks: list[Finding] = field(default_factory=list)
    seen_by_entitled: set[str] = field(default_factory=set)

    def look(self, principal: str, where: str, pieces: Iterable[bytes]) -> None:
        """Search the decoded pieces of one answer for every canary."""
        body = b"\n".join(pieces)
        for canary in self.canaries:
            if principal in canary.allowed:
                if canary.value.encode() in body:
                    self.seen_by_entitled.add(canary.asset)
                continue
            for form, needle in canary.forms.items():
                position = body.find(needle)
                if position >= 0:
                    around = body[max(0, position - 60) : position + len(needle) + 40]
                    self.leaks.append(
                        Finding(
                            principal,
                            where,
                            canary.asset,
                            form,
                            around.decode("utf-8", "replace").replace("\n", " "),
                        )
                    )
                    break

    @property
    def dead(self) -> set[str]:
        """Canaries that nobody entitled ever saw: the world does not show them, so they prove
        nothing."""
        return {c.asset for c in self.canaries if c.allowed} - self.seen_by_entitled
