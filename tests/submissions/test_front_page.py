"""Title, authors and abstract as page 1 prints them, in the habits of several templates."""

import pypdfium2
import pytest
import weasyprint

from submissions.preflight import front_page, reading

ABSTRACT = (
    "<p>Abstract—Pretrained encoders promise to spare annotation in volumetric imaging. "
    + "We train one on sixty thousand volumes and test it on four centres. " * 6
    + "</p><p>Index Terms—foundation models, volumetric imaging.</p><h2>I. Introduction</h2>"
    "<p>Clinical images are many and labels are few.</p>"
)
STYLE = """<style>@page { size: 612pt 792pt; margin: 54pt }
body { font: 10pt 'DejaVu Serif' } p { margin: 0 0 6pt }
h1 { font-size: 22pt; font-weight: normal; text-align: center; margin: 0 0 12pt }
h2 { font-size: 11pt } .authors { font-size: 11pt; text-align: center }
.small { font-size: 8pt } sup { font-size: 6pt }
.drop { font-size: 30pt } .side { position: absolute; left: -40pt; top: 300pt; font-size: 30pt;
  transform: rotate(-90deg) }
table { width: 100%; text-align: center; font-size: 11pt } td { width: 33% }</style>"""
TITLE = "One Volumetric Encoder for Three Modalities: a Study of Efficient Self-Supervision"
HEAD = f"<h1>{TITLE}</h1>"
THREE = ["Ada Avelin", "Ben van der Brandt", "Rui A. Rezende"]
LAYOUTS = {
    "the journal's own": (
        "<p class=small>IEEE TRANSACTIONS ON MEDICAL IMAGING, VOL. XX, NO. XX, 2024</p>" + HEAD
        + "<p class=authors>Ada Avelin, Member, IEEE, Ben van der Brandt, and Rui A. Rezende, "
        "Senior Member, IEEE</p>" + ABSTRACT,
        THREE,
    ),
    "marks that are raised": (
        HEAD + "<p class=authors>Ada Avelin<sup>1,*</sup>, Ben van der Brandt<sup>2</sup>, and "
        "Rui A. Rezende<sup>1,†</sup></p><p class=small><sup>1</sup>Northgate University, "
        "<sup>2</sup>Halvard Imaging Institute</p>" + ABSTRACT,
        THREE,
    ),
    "marks alone between names": (
        HEAD + "<p class=authors>Ada Avelin<sup>1</sup> Ben van der Brandt<sup>2</sup> "
        "Rui A. Rezende<sup>3</sup></p>" + ABSTRACT,
        THREE,
    ),
    "names over addresses, side by side": (
        HEAD + "<table><tr><td>Ada Avelin<td>Ben van der Brandt<td>Rui A. Rezende"
        "<tr><td>Northgate University<td>Halvard Institute<td>Sao Lazaro Hospital"
        "<tr><td>ada@northgate.example<td>ben@halvard.example<td>rui@saolazaro.example</table>"
        + ABSTRACT,
        THREE,
    ),
    "two lines of names": (
        HEAD + "<p class=authors>Ada Avelin, Ben van der Brandt,<br>and Rui A. Rezende</p>"
        + ABSTRACT,
        THREE,
    ),
    "names beyond English": (
        HEAD + "<p class=authors>Łukasz Ørsted-Müller, Nguyễn Thị Hồng, Siobhán O’Neill</p>"
        + ABSTRACT,
        ["Łukasz Ørsted-Müller", "Nguyễn Thị Hồng", "Siobhán O’Neill"],
    ),
    "a drop capital and a stamp at the side": (
        "<p class=side>arXiv stamp 2401 [cs.CV] of January</p>" + HEAD
        + "<p class=authors>Ada Avelin and Ben van der Brandt</p>" + ABSTRACT
        + "<p><span class=drop>C</span>LINICAL images are many.</p>",
        ["Ada Avelin", "Ben van der Brandt"],
    ),
    "no names": (HEAD + "<p class=authors>Anonymous submission</p>" + ABSTRACT, []),
    "an institution alone": (
        HEAD + "<p class=authors>Department of Radiology, Northgate University</p>" + ABSTRACT,
        [],
    ),
}  # fmt: skip


def first_page(html: str) -> tuple[list[front_page.Line], float, str]:
    content = weasyprint.HTML(string=STYLE + html).write_pdf()
    page = pypdfium2.PdfDocument(content)[0]
    text_page = page.get_textpage()
    return front_page.lines_of(text_page.raw), page.get_size()[1], text_page.get_text_range()


@pytest.mark.parametrize("name", LAYOUTS)
def test_title_and_authors_are_read(name: str) -> None:
    html, authors = LAYOUTS[name]
    lines, height, text = first_page(html)
    assert front_page.title_of(lines, height) == TITLE
    assert front_page.authors_of(lines, height) == authors
    abstract = reading.abstract_guess(text.replace("\r", ""))
    assert abstract.startswith("Pretrained encoders promise")
    assert abstract.endswith("test it on four centres.")


def test_a_page_without_a_title_page_gives_nothing() -> None:
    lines, height, text = first_page("<p class=small>12 of 300 units.</p>")
    assert front_page.title_of(lines, height) in ("", "12 of 300 units.")
    assert front_page.authors_of(lines, height) == []
    assert reading.abstract_guess(text) == ""
    assert front_page.authors_of([], 792) == []


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("the seg-\nmentation", "the segmentation"),
        ("a self-\nsupervised", "a self-supervised"),
        ("state-of-the-\nart", "state-of-the-art"),
        ("the CT-\nMR pair", "the CT-MR pair"),
        ("eﬃcient ﬁlters", "efficient filters"),
    ],
)
def test_words_parted_at_a_line_end_are_whole_again(printed: str, read: str) -> None:
    page = f"Abstract\n{printed} {'word ' * 60}\nI. Introduction\n"
    assert reading.abstract_guess(page).startswith(f"{read} word")
