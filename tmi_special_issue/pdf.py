"""Templates into PDF through WeasyPrint: no network, no local files, the same bytes every time.

Letters carry words that strangers wrote, so a page may load nothing but our own style sheets and
fonts (the private scheme `static:`) and data that our templates bring along (`data:`). Attachments
are dropped. The identifier of the PDF comes from its content and its dates from the template, so
equal input gives equal bytes.

Characters that no font of this machine has are left blank or boxed and logged as
`pdf.missing_characters`; a letter is not held back for one sign. `render_reporting` tells them, so
that a preview can warn.
"""

import hashlib
import io
import mimetypes
import os
import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any

import structlog
from django.conf import settings
from django.template.loader import render_to_string

from tmi_special_issue.refusal import Refusal

log = structlog.get_logger(__name__)

SECONDS_LIMIT = 30  # of CPU: a busy machine is no fault of the letter
RING_AGAIN_SECONDS = 0.5
HTML_CHARACTERS_LIMIT = 2_000_000
PRODUCER = "TMI special issue office"
FONT_STAMP = "1704067200"
STATIC_FOLDERS = ("css", "vendor/fonts")

_FAILED = (
    "The letter could not be typeset. Shorten the text or take out unusual formatting, and try "
    "again; the office has been told."
)


# The map of fonts behind a rendering is shared and was not made for threads.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Rendering:
    """The bytes of a PDF and the characters that no font could print."""

    content: bytes
    missing_characters: tuple[str, ...]


def render(template: str, context: Mapping[str, Any]) -> bytes:
    """The PDF of a template. Raises Refusal("letter_failed") when it cannot be typeset.

    Outside the main thread of a process there is no limit on time; workers call it in theirs.
    """
    return render_reporting(template, context).content


def render_reporting(template: str, context: Mapping[str, Any]) -> Rendering:
    """`render`, telling as well which characters were not printed."""
    html = render_to_string(template, dict(context))
    if len(html) > HTML_CHARACTERS_LIMIT:
        log.error("pdf.too_long", template=template, characters=len(html))
        raise Refusal("letter_failed", _FAILED)
    try:
        with _ONE_AT_A_TIME, _time_limit(SECONDS_LIMIT):
            rendering = _typeset(html)
    except RecursionError:
        log.error("pdf.too_deep", template=template)
        raise Refusal("letter_failed", _FAILED) from None
    except _OutOfTime:
        log.error("pdf.too_slow", template=template, seconds=SECONDS_LIMIT)
        raise Refusal("letter_failed", _FAILED) from None
    if rendering.missing_characters:
        log.warning(
            "pdf.missing_characters",
            template=template,
            characters=[f"U+{ord(c):04X}" for c in rendering.missing_characters],
        )
    return rendering


def _typeset(html: str) -> Rendering:
    # Imported on first use: Pango and its friends cost a second that most processes never need.
    import weasyprint

    # The shrunken copies of our fonts would otherwise carry the minute of their making.
    os.environ.setdefault("SOURCE_DATE_EPOCH", FONT_STAMP)
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    document = weasyprint.HTML(
        string=html, base_url=None, url_fetcher=_fetcher(), media_type="print"
    ).render(pdf_variant="pdf/ua-1", font_config=_fonts())
    document.metadata.attachments = []
    document.metadata.authors = []
    document.metadata.keywords = []
    document.metadata.generator = PRODUCER
    out = io.BytesIO()
    document.write_pdf(out, finisher=_finish, pdf_identifier=identifier, pdf_variant="pdf/ua-1")
    missing = {chr(code) for font in document.fonts.values() for code in font.missing}
    return Rendering(out.getvalue(), tuple(sorted(missing)))


def _finish(document: Any, pdf: Any) -> None:
    """The last hand on the PDF: one fixed producer, and no file inside it."""
    import pydyf  # type: ignore[import-untyped]

    for key in ("Author", "Keywords", "Creator"):
        pdf.info.pop(key, None)
    pdf.info["Producer"] = pydyf.String(PRODUCER)
    for thing in pdf.objects:
        kind = thing.get("Type") if isinstance(thing, pydyf.Dictionary) else None
        extra = getattr(thing, "extra", {})
        if kind == "/Filespec" or extra.get("Type") == "/EmbeddedFile":
            log.error("pdf.attachment_refused")
            raise Refusal("letter_failed", _FAILED)
        if extra.get("Type") == "/Metadata":
            thing.stream = [_plain_producer(part) for part in thing.stream]


def _plain_producer(part: bytes | str) -> bytes:
    data = part if isinstance(part, bytes) else str(part).encode()
    return re.sub(rb"WeasyPrint [0-9.]+", PRODUCER.encode(), data)


@lru_cache(maxsize=1)
def _fonts() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@lru_cache(maxsize=1)
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        """Serves `static:` from our folders and `data:`; refuses everything else."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False)

        def fetch(self, url: str, headers: Any = None) -> Any:
            scheme, _, path = url.partition(":")
            if scheme.lower() != "static":
                if scheme.lower() != "data":
                    log.warning("pdf.address_refused", address=url[:200])
                return super().fetch(url, headers)
            file = own_file(path)
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})

    return OwnFilesOnly()


def own_file(path: str) -> Path:
    """The file of our own style sheets and fonts at `path`. Raises ValueError on any other."""
    root = Path(settings.BASE_DIR) / "static"
    file = (root / path).resolve()
    if not any(file.is_relative_to((root / folder).resolve()) for folder in STATIC_FOLDERS):
        raise ValueError(f"not a style sheet or font of ours: {path[:200]}")
    if not file.is_file():
        raise ValueError(f"there is no {path[:200]}")
    return file


class _OutOfTime(BaseException):
    """Not an Exception, because WeasyPrint swallows those that come out of a fetch."""


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Stop the work after `seconds` of CPU, where the process allows it (its main thread).

    The alarm rings again until it is heard: an exception raised while the interpreter happens
    to run a finaliser or a garbage collector's callback is printed there and lost.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _OutOfTime

    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, RING_AGAIN_SECONDS)
    try:
        yield
    finally:
        try:
            signal.setitimer(signal.ITIMER_PROF, 0)
        finally:  # a last ring may come between the work's end and the line above
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, previous)
