"""Papers and letters of the rehearsal, made ahead by helpers on the other processors.

A submission inspects each upload in confined processes, which takes seconds: right for a
stranger's file, slow for sixty of our own. Here the first paper is inspected like any upload. The
others come from the same typesetter and differ from it in their words and pages only, so their
facts are the first one's with these replaced. The copy for others, the picture of page 1 and the
letters are made by the same code as always, in helper processes.
"""

import hashlib
import json
import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from editors.actions import letters
from editors.rehearsal.papers import paper_pdf
from submissions import examination, preflight
from submissions.actions import responses
from tmi_special_issue import pdf


@dataclass(frozen=True, slots=True)
class Order:
    """Which paper to set. Equal orders are set once."""

    seed: int
    title: str
    authors: tuple[str, ...]
    abstract: str
    topic: int
    pages: int


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper with what an upload of it would make of it."""

    content: bytes
    served: bytes
    thumbnail: bytes
    first_page_text: str


class Press:
    """Takes orders for papers and letters, and answers in place of preflight and renderer for
    exactly these. Whatever it does not know goes the ordinary way."""

    ANSWER_SECONDS = preflight.ANSWER_SECONDS
    CleaningFailed = preflight.CleaningFailed
    workspace = staticmethod(preflight.workspace)
    look_at_supplement = staticmethod(preflight.look_at_supplement)

    def __init__(self, helpers: int = 0) -> None:
        # Forked before the database is asked anything; the helpers never ask it.
        self._pool = ProcessPoolExecutor(
            helpers or os.cpu_count() or 1, mp_context=multiprocessing.get_context("fork")
        )
        self._sample = self._pool.submit(sample_facts)
        self._orders: dict[Order, Future[Printed]] = {}
        self._ready: dict[str, tuple[Order, Printed]] = {}
        self._letters: dict[str, Future[bytes]] = {}

    def order(self, orders: Sequence[Order]) -> None:
        """Have these papers made, in this order, without waiting for them."""
        for one in orders:
            if one not in self._orders:
                self._orders[one] = self._pool.submit(printed, one)

    def paper(self, one: Order) -> bytes:
        """The bytes of a paper; waits until it is made."""
        self.order([one])
        made = self._orders[one].result()
        self._ready[hashlib.sha256(made.content).hexdigest()] = (one, made)
        return made.content

    def order_letter(self, template: str, content: Mapping[str, Any]) -> None:
        """Have this letter made without waiting for it."""
        self._letters[_key(template, content)] = self._pool.submit(
            pdf.render, template, dict(content)
        )

    def render(self, template: str, content: Mapping[str, Any]) -> bytes:
        """Stands in for `pdf.render`."""
        made = self._letters.pop(_key(template, content), None)
        return made.result() if made else pdf.render(template, content)

    def inspect(self, path: str | Path) -> preflight.Facts:
        """Stands in for `preflight.inspect`."""
        content = Path(path).read_bytes()
        known = self._known(content)
        return facts_of(*known, self._sample.result()) if known else preflight.inspect(path)

    def clean_copy(self, content: bytes, seconds: float) -> bytes:
        """Stands in for `preflight.clean_copy`."""
        known = self._known(content)
        return known[1].served if known else preflight.clean_copy(content, seconds)

    def thumbnail(self, path: str | Path, *, seconds: float) -> bytes | None:
        """Stands in for `preflight.thumbnail`."""
        known = self._known(Path(path).read_bytes())
        return known[1].thumbnail if known else preflight.thumbnail(path, seconds=seconds)

    def _known(self, content: bytes) -> tuple[Order, Printed] | None:
        return self._ready.get(hashlib.sha256(content).hexdigest())

    def close(self) -> None:
        """Send the helpers home."""
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def press() -> Iterator[Press]:
    """A press whose answers the authors' acts use while it is open."""
    opened = Press()
    places = ((examination, "preflight"), (letters, "pdf"), (responses, "pdf"))
    real = [(vars(module), name, vars(module)[name]) for module, name in places]
    for names, name, _ in real:
        names[name] = opened
    try:
        yield opened
    finally:
        for names, name, former in real:
            names[name] = former
        opened.close()


def printed(one: Order) -> Printed:
    """Set a paper, clean it, draw its first page. Runs in a helper."""
    from submissions.preflight.cleaner import clean
    from submissions.preflight.entry import THUMBNAIL_WIDTH
    from submissions.preflight.poppler import page_texts
    from submissions.preflight.thumbnailer import draw

    content = set_paper(one)
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "paper.pdf", Path(folder) / "clean.pdf"
        source.write_bytes(content)
        clean(source, target)
        picture = draw(str(source), THUMBNAIL_WIDTH)
        texts = page_texts(source, last_page=1)
        return Printed(content, target.read_bytes(), picture, texts[0] if texts else "")


def set_paper(one: Order) -> bytes:
    """The bytes of the paper of an order."""
    return paper_pdf(
        one.seed,
        pages=one.pages,
        title=one.title,
        authors=one.authors,
        abstract=one.abstract,
        topic=one.topic,
    )


def facts_of(one: Order, made: Printed, sample: preflight.Facts) -> preflight.Facts:
    """What the inspector would say of this paper, known from the sample of the typesetter."""
    return replace(
        sample,
        sha256=hashlib.sha256(made.content).hexdigest(),
        byte_count=len(made.content),
        pages=one.pages,
        pages_by_poppler=one.pages,
        first_page_text=made.first_page_text,
        title_guess=one.title,
        abstract_guess=one.abstract,
    )


def sample_facts() -> preflight.Facts:
    """The whole inspection of one paper of the typesetter. Runs in a helper."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "sample.pdf"
        source.write_bytes(paper_pdf(1))
        facts = preflight.inspect(source)
    if facts.trouble or not facts.opens:
        raise RuntimeError(f"The sample paper did not pass the inspection: {facts.trouble}.")
    return facts


def _key(template: str, content: Mapping[str, Any]) -> str:
    return json.dumps([template, content], sort_keys=True, default=str)
