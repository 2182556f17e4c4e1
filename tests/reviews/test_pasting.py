"""Pasted markup becomes text; ordinary text stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.pasting import plain_text

WORD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal\n'
    "{mso-style-parent:'';}</style></head><body><!--StartFragment-->"
    '<p class=MsoNormal><span lang=EN-GB style="mso-fareast-language:EN-US">1. The loss is\n'
    "not <i>defined</i>.<o:p></o:p></span></p>"
    "<p class=MsoListParagraph>·&nbsp; When x &lt; y &amp; z<br>it fails.</p>"
    "<table><tr><td>a</td><td>b</td></tr></table><!--EndFragment--></body></html>"
)


def test_markup_of_a_word_processor_becomes_text() -> None:
    assert plain_text(WORD) == "1. The loss is not defined.\n\n- When x < y & z\nit fails.\n\na\tb"


@pytest.mark.parametrize(
    "text",
    [
        "If x < y and y > z, the bound of <div> holds. <script>alert(1)</script>",
        "Größe – 大きさ\n\n  1. an entry\n\tindented  ",
        "a\u00a0b and &nbsp; as written",
        "",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert plain_text(text) == text


def test_line_ends_are_one_kind_and_unseen_signs_go() -> None:
    assert plain_text("a\r\nb\rc\x0bd\u2028e\x00f\u200bg\ufeff\u00adh") == "a\nb\nc\nd\nefgh"


@given(st.text())
def test_a_second_time_changes_nothing_in_plain_text(text: str) -> None:
    once = plain_text(text)
    assert plain_text(once) == once
