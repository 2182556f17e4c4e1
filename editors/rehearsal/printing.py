"""The papers of the rehearsal, set and inspected ahead by helpers on the other processors.

A submission inspects each upload in confined processes, which takes seconds: right for a
stranger's file, slow for sixty of our own. Here the first paper is inspected like any upload. The
others come from the same typesetter and differ from it in their words and pages only, so their
facts are the first one's with these replaced. The copy for others and the picture of page 1 are
made from each paper by the same code as always, in helper processes.
"""

import hashlib
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from editors.rehearsal.papers import paper_pdf
from submissions import preflight
from submissions.actions import files as uploads


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
    """A paper with everything that an upload of it would find out."""

    content: bytes
    facts: preflight.Facts
    served: bytes
    thumbnail: bytes


class Press:
    """Takes orders for papers and answers in place of the preflight for exactly these papers."""

    CleaningFailed = preflight.CleaningFailed

    def __init__(self, helpers: int = 0) -> None:
        # Forked before the database is asked anything; the helpers never ask it.
        self._pool = ProcessPoolExecutor(
            helpers or os.cpu_count() or 1, mp_context=multiprocessing.get_context("fork")
        )
        self._orders: dict[Order, Future[Printed]] = {}
        self._ready: dict[str, Printed] = {}

    def order(self, orders: Sequence[Order]) -> None:
        """Have these papers made, in this order, without waiting for them."""
        for one in orders:
            if one not in self._orders:
                self._orders[one] = self._pool.submit(printed, one)

    def paper(self, one: Order) -> bytes:
        """The bytes of a paper; waits until it is made."""
        self.order([one])
        made = self._orders[one].result()
        self._ready[made.facts.sha256] = made
        return made.content

    def inspect(self, path: str | Path) -> preflight.Facts:
        """Stands in for `preflight.inspect`."""
        made = self._known(Path(path).read_bytes())
        return made.facts if made else preflight.inspect(path)

    def clean_copy(self, content: bytes) -> bytes:
        """Stands in for `preflight.clean_copy`."""
        made = self._known(content)
        return made.served if made else preflight.clean_copy(content)

    def thumbnail(self, path: str | Path) -> bytes | None:
        """Stands in for `preflight.thumbnail`."""
        made = self._known(Path(path).read_bytes())
        return made.thumbnail if made else preflight.thumbnail(path)

    def _known(self, content: bytes) -> Printed | None:
        return self._ready.get(hashlib.sha256(content).hexdigest())

    def close(self) -> None:
        """Send the helpers home."""
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def press() -> Iterator[Press]:
    """A press whose answers the authors' acts use while it is open."""
    opened = Press()
    names = vars(uploads)
    real, names["preflight"] = names["preflight"], opened
    try:
        yield opened
    finally:
        names["preflight"] = real
        opened.close()


def printed(one: Order) -> Printed:
    """Set a paper and look at it. Runs in a helper."""
    from submissions.preflight.cleaner import clean
    from submissions.preflight.entry import THUMBNAIL_WIDTH
    from submissions.preflight.thumbnailer import draw

    content = set_paper(one)
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "paper.pdf", Path(folder) / "clean.pdf"
        source.write_bytes(content)
        clean(source, target)
        return Printed(
            content,
            facts_of(one, content, source),
            target.read_bytes(),
            draw(str(source), THUMBNAIL_WIDTH),
        )


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


def facts_of(one: Order, content: bytes, source: Path) -> preflight.Facts:
    """What the inspector would say of this paper, known from the sample of the typesetter."""
    from submissions.preflight.poppler import page_texts

    first_page = page_texts(source, last_page=1)
    return replace(
        sample_facts(),
        sha256=hashlib.sha256(content).hexdigest(),
        byte_count=len(content),
        pages=one.pages,
        pages_by_poppler=one.pages,
        first_page_text=first_page[0] if first_page else "",
        title_guess=one.title,
        abstract_guess=one.abstract,
    )


@cache
def sample_facts() -> preflight.Facts:
    """The whole inspection of one paper of the typesetter, once in each helper."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "sample.pdf"
        source.write_bytes(paper_pdf(1))
        facts = preflight.inspect(source)
    if facts.trouble or not facts.opens:
        raise RuntimeError(f"The sample paper did not pass the inspection: {facts.trouble}.")
    return facts
