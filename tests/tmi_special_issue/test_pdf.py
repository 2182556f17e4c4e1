"""Letters: hostile words print as they are, nothing is fetched, equal input gives equal bytes."""

import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.template import engines

from tmi_special_issue import pdf
from tmi_special_issue.refusal import Refusal

PAYLOADS = (
    Path(__file__).resolve().parents[3]
    / "shared/data/uploads/text/letter_and_template_payloads.json"
)
CONTEXT = {
    "journal": "IEEE Transactions on Medical Imaging",
    "issue_title": "Special Issue on Advancements in Foundation Models for Medical Imaging",
    "dated": "15-Aug-2024",
    "number": "TMI-FM-2024-0001-L-7QF2AB",
    "template_version": "2024.1",
    "content_sha256": "ab" * 32,
}
LETTER = """{% extends "letters/base.html" %}
{% block reference %}<section class="reference"><dl><div><dt>Title</dt><dd>{{ title }}</dd></div>
</dl></section>{% endblock %}
{% block body %}{% for line in lines %}<p>{{ line }}</p>{% endfor %}{% endblock %}
{% block annex %}{% for comment in comments %}<section class="annex">
<h2>Reviewer {{ forloop.counter }}</h2>
<p class="comments">{{ comment }}</p></section>{% endfor %}{% endblock %}"""


@pytest.fixture
def sheet(tmp_path: Path, settings: object) -> str:
    """A letter's template of our own, found by name like any other."""
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "trial.html").write_text(LETTER, encoding="utf-8")
    return _added(settings, tmp_path, "letters/trial.html")


def _added(settings: object, folder: Path, name: str) -> str:
    templates = [dict(engine) for engine in settings.TEMPLATES]  # type: ignore[attr-defined]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], folder]
    settings.TEMPLATES = templates  # type: ignore[attr-defined]
    return name


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\ufffe", "")


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A listening port of this machine and the list of those who knocked."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                callers.append(address)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], callers
        done.set()
        thread.join()


def test_a_letter_is_tagged_in_english_and_numbers_its_pages(sheet: str) -> None:
    content = pdf.render(sheet, {**CONTEXT, "lines": ["One."], "comments": ["Good.", "Fair."]})
    with pikepdf.open(io.BytesIO(content)) as document:
        assert len(document.pages) == 3
        assert str(document.Root.Lang) == "en"
        assert bool(document.Root.MarkInfo.Marked) is True
    pages = [
        squeezed(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(content)
    ]
    for number, page in enumerate(pages, start=1):
        assert f"Page{number}of3" in page
        assert "TMI-FM-2024-0001-L-7QF2AB" in page
        assert "template2024.1" in page
    assert "15-Aug-2024" in pages[0]
    assert "Reviewer1" in pages[1]
    assert "Reviewer2" in pages[2]


@pytest.mark.skipif(not PAYLOADS.exists(), reason="THE CORPUS OF PAYLOADS IS NOT HERE")
def test_hostile_strings_print_literally(sheet: str) -> None:
    payloads: list[str] = json.loads(PAYLOADS.read_text(encoding="utf-8"))
    content = pdf.render(
        sheet, {**CONTEXT, "title": payloads[0], "lines": payloads, "comments": payloads}
    )
    printed = squeezed(text_of(content))
    for payload in payloads:
        assert printed.count(squeezed(payload)) >= 2
    assert b"EmbeddedFile" not in content
    assert "root:" not in printed


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="attachment" href="data:text/plain,secret">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<img src="http://127.0.0.1:{port}/x.png">',
        '<img src="file:///etc/passwd">',
        "<style>@import url(http://127.0.0.1:{port}/x.css);</style>",
        "<style>@import url(file:///etc/passwd);</style>",
        '<link rel="stylesheet" href="static:../manage.py">',
        '<link rel="stylesheet" href="static:css/../../manage.py">',
        '<svg><image href="http://127.0.0.1:{port}/x.svg"/></svg>',
        '<object data="http://127.0.0.1:{port}/x"></object>',
        '<embed src="http://127.0.0.1:{port}/x">',
    ],
)
def test_even_unescaped_markup_fetches_and_embeds_nothing(
    markup: str, listener: tuple[int, list[object]], tmp_path: Path, settings: object
) -> None:
    port, callers = listener
    (tmp_path / "careless.html").write_text(
        '<!doctype html><html lang="en"><title>t</title><body>{{ words|safe }}<p>end</p>',
        encoding="utf-8",
    )
    name = _added(settings, tmp_path, "careless.html")
    content = pdf.render(name, {"words": markup.replace("{port}", str(port))})
    assert b"EmbeddedFile" not in content
    assert "end" in text_of(content)
    assert "root:" not in text_of(content)
    assert callers == []


def test_equal_input_gives_equal_bytes_also_in_another_process(sheet: str, tmp_path: Path) -> None:
    context = {**CONTEXT, "title": "Τίτλος, Жук, Łódź", "lines": ["One."], "comments": ["Good."]}
    here = [pdf.render(sheet, context) for _ in range(2)]
    program = (
        "import sys, json, hashlib, pathlib, django\n"
        "django.setup()\n"
        "from django.conf import settings\n"
        "settings.TEMPLATES[0]['DIRS'].append(pathlib.Path(sys.argv[1]))\n"
        "from tmi_special_issue import pdf\n"
        "content = pdf.render('letters/trial.html', json.loads(sys.argv[2]))\n"
        "sys.stdout.write(hashlib.sha256(content).hexdigest())\n"
    )
    there = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), json.dumps(context)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    ).stdout
    assert here[0] == here[1]
    assert there == hashlib.sha256(here[0]).hexdigest()


def test_other_input_gives_another_identifier(sheet: str) -> None:
    one, two = (pdf.render(sheet, {**CONTEXT, "lines": [word]}) for word in ("One.", "Two."))
    with pikepdf.open(io.BytesIO(one)) as a, pikepdf.open(io.BytesIO(two)) as b:
        assert bytes(a.trailer.ID[0]) != bytes(b.trailer.ID[0])


def test_metadata_say_the_title_and_a_fixed_producer_alone(sheet: str) -> None:
    content = pdf.render(sheet, {**CONTEXT, "lines": ["x"], "comments": ["Signed, Rui Costa"]})
    with pikepdf.open(io.BytesIO(content)) as document:
        info = {key: str(value) for key, value in document.docinfo.items()}
        assert info == {
            "/Title": "Letter TMI-FM-2024-0001-L-7QF2AB",
            "/Producer": pdf.PRODUCER,
        }
        packet = document.Root.Metadata.read_bytes()
    assert b"WeasyPrint" not in content + packet
    assert b"Rui" not in packet
    assert b"creator" not in packet.lower().replace(b"creatortool", b"")


def test_long_words_wrap_within_the_page(sheet: str) -> None:
    content = pdf.render(sheet, {**CONTEXT, "title": "w" * 290, "lines": ["y" * 900]})
    page = pypdfium2.PdfDocument(content)[0]
    width, _ = page.get_size()
    text = page.get_textpage()
    rights = [text.get_rect(n)[2] for n in range(text.count_rects())]
    assert max(rights) < width - 60


def test_signs_without_a_font_are_told(sheet: str) -> None:
    rendering = pdf.render_reporting(sheet, {**CONTEXT, "lines": ["plain \U00012000"]})
    assert rendering.missing_characters == ("\U00012000",)
    assert pdf.render_reporting(sheet, {**CONTEXT, "lines": ["plain"]}).missing_characters == ()


def test_text_that_is_nested_too_deep_is_refused(tmp_path: Path, settings: object) -> None:
    (tmp_path / "deep.html").write_text(
        "<!doctype html><html lang=en><title>t</title>{{ words|safe }}", encoding="utf-8"
    )
    name = _added(settings, tmp_path, "deep.html")
    with pytest.raises(Refusal) as refused:
        pdf.render(name, {"words": "<div>" * 3000 + "x"})
    assert refused.value.code == "letter_failed"


def test_text_that_takes_too_long_is_refused(
    tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "SECONDS_LIMIT", 0.05)
    (tmp_path / "long.html").write_text(
        "<!doctype html><html lang=en><title>t</title>{{ words|safe }}", encoding="utf-8"
    )
    name = _added(settings, tmp_path, "long.html")
    with pytest.raises(Refusal) as refused:
        pdf.render(name, {"words": "<p>word word word</p>" * 3000})
    assert refused.value.code == "letter_failed"


def test_an_alarm_lost_in_a_finaliser_rings_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "RING_AGAIN_SECONDS", 0.02)
    heard = []

    def spin() -> None:
        with pdf._time_limit(0.02):
            while True:
                try:
                    while True:
                        pass
                except pdf._OutOfTime:
                    heard.append(True)
                    if len(heard) == 2:
                        raise

    with pytest.raises(pdf._OutOfTime):
        spin()
    assert len(heard) == 2


def test_only_our_style_sheets_and_fonts_are_served() -> None:
    assert pdf.own_file("css/letter.css").name == "letter.css"
    for path in ("js/x.js", "../manage.py", "/etc/passwd", "css/../../manage.py", "css/none.css"):
        with pytest.raises(ValueError, match=r"not a style sheet|there is no"):
            pdf.own_file(path)


def test_the_sheet_needs_no_engine_of_its_own() -> None:
    assert engines["django"].engine.get_template("letters/base.html") is not None
