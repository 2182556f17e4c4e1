"""The components: what they say, what they escape, what they keep."""

import hashlib
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from tmi_special_issue.templatetags import components

CONFIRM_PANEL = (
    '{% confirm_panel id="x" trigger=text title=text action="/" submit=text %}'
    "{% endconfirm_panel %}"
)
HOSTILE = "<script>alert(1)</script>"


def render(source: str, **values: Any) -> str:
    """A template that loads the components."""
    values.setdefault("request", RequestFactory().get("/desk/", {"q": "mri", "page": "2"}))
    return Template("{% load components %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (None, "–"),
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 kB"),
        (2_202_009, "2.1 MB"),
        (20 * 1024 * 1024, "20.0 MB"),
        (100 * 1024 * 1024, "100 MB"),
    ],
)
def test_sizes_are_counted_as_the_limits_are(count: int | None, expected: str) -> None:
    assert components.byte_size(count) == expected


def test_a_hash_is_shortened_at_both_ends() -> None:
    assert components.short_hash("9f2c" + "0" * 56 + "41ab") == "9f2c…41ab"
    assert components.short_hash("short") == "short"


def test_names_stay_as_written_and_are_escaped() -> None:
    people = [SimpleNamespace(full_name="ليلى الحداد"), HOSTILE, "Ana Cruz"]
    assert components.names(people, 2) == (
        "<bdi>ليلى الحداد</bdi>, <bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi> +1"
    )


def test_dots_fill_up_with_open_places_and_tell_of_declined() -> None:
    drawn = components.reviewer_dots(["returned", "late", "declined", "invited"], 4)
    assert drawn["title"] == "Reviewers: 1 returned, 1 late, 1 invited, 1 still open, 1 declined"
    assert [dot["state"] for dot in drawn["dots"]] == ["returned", "late", "invited", "open"]


def test_more_reviewers_than_needed_are_all_drawn() -> None:
    assert len(components.reviewer_dots(["returned"] * 6, 4)["dots"]) == 6


def test_the_strip_tells_the_distribution() -> None:
    drawn = components.score_strip([3, 4, 4, 4, None], "Originality")
    assert drawn["title"] == "Originality: 1 Good, 3 Very good"
    assert drawn["total"] == 4
    assert [column["score"] for column in drawn["columns"]] == [0, 0, 3, 4, 0]
    heights = [column["height"] for column in drawn["columns"]]
    assert max(heights) == components.STRIP_HEIGHT
    assert heights[0] == components.STRIP_FLOOR


def test_no_scores_are_a_dash_that_is_read_out() -> None:
    assert "Impact: no scores yet" in render('{% score_strip scores "Impact" %}', scores=[])


def test_a_score_chip_never_guesses() -> None:
    assert components.score_chip(None) == {"value": None, "label": ""}
    assert components.score_chip(9) == {"value": None, "label": ""}
    assert components.score_chip(5)["label"] == "Excellent"


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Eva Lindqvist", "EL"), ("Plato", "P"), ("", "•"), ("김민준", "김"), ("A. de B. Cruz", "AC")],
)
def test_initials(name: str, initials: str) -> None:
    assert components.avatar(name)["initials"] == initials


def test_sorting_keeps_the_search_and_leaves_the_page() -> None:
    request = RequestFactory().get("/desk/", {"q": "mri", "page": "2", "sort": "idle"})
    head = components.sort_head(Context({"request": request}), "Idle", "idle")
    assert head["order"] == "ascending"
    assert QueryDict(head["address"][1:]).dict() == {"q": "mri", "sort": "-idle"}


def test_the_pager_keeps_the_search() -> None:
    request = RequestFactory().get("/desk/", {"q": "mri", "page": "2"})
    shown = components.pager(Context({"request": request}), Paginator(range(120), 50).page(2))
    assert (shown["previous"], shown["next"]) == ("?q=mri&page=1", "?q=mri&page=3")


@pytest.mark.parametrize(
    "source",
    [
        "{% page_header text %}{% endpage_header %}",
        "{% card title=text note=text %}{% endcard %}",
        '{% notice tone="bad" title=text %}{{ text }}{% endnotice %}',
        '{% today_card signal=text tone="bad" title=text text=text %}{% endtoday_card %}',
        CONFIRM_PANEL,
        "{% empty_state text text %}{% endempty_state %}",
        "{% person_line text affiliation=text native_name=text %}{% endperson_line %}",
        "{% file_row text sha256=text verdict=text note=text label=text %}",
        "{% pill text %}{% stage_badge text %}{% avatar text %}",
        '{% conflict_note "hard" text text text %}',
        "{% missing_list things %}{% people_row things 1 %}{{ things|names:1 }}",
        "{% score_strip scores text %}",
        "{% icon text text %}",
    ],
)
def test_what_people_type_is_escaped(source: str) -> None:
    drawn = render(source, text=HOSTILE, things=[HOSTILE] * 4, scores=[5])
    assert "<script" not in drawn
    assert "alert(1)" in drawn


def test_markup_between_the_tags_is_kept() -> None:
    assert '<a href="/x">Open</a>' in render(
        '{% page_header "Desk" %} <a href="/x">Open</a> {% endpage_header %}'
    )
    assert "page-header-acts" not in render('{% page_header "Desk" %} {% endpage_header %}')


def test_a_confirmation_is_a_post_with_its_secret() -> None:
    drawn = render(
        '{% confirm_panel id="go" trigger="Go…" title="Go?" action="/go/" submit="Go" %}'
        "{% endconfirm_panel %}",
        csrf_token="the-secret",
    )
    assert '<form method="post" action="/go/">' in drawn
    assert 'name="csrfmiddlewaretoken" value="the-secret"' in drawn


def test_forty_authors_fold_and_a_single_rest_does_not() -> None:
    assert len(components.people_row(["A"] * 40, 8)["rest"]) == 32
    assert components.people_row(["A"] * 9, 8)["rest"] == []


def test_a_field_names_its_error_and_its_rule() -> None:
    class Sample(forms.Form):
        abstract = forms.CharField(
            help_text="One paragraph.",
            widget=forms.Textarea(attrs={"data-min-words": 150, "data-max-words": 250}),
        )
        overall = forms.ChoiceField(
            choices=[("1", "Poor"), ("2", "Fair")],
            widget=forms.RadioSelect(attrs={"data-look": "scale"}),
        )

    form = Sample({})
    abstract = form["abstract"].as_field_group()
    assert 'aria-describedby="id_abstract_helptext id_abstract_error"' in abstract
    assert 'id="id_abstract_error"' in abstract
    assert "150 to 250 words" in abstract
    overall = form["overall"].as_field_group()
    assert '<div class="scale scale-2">' in overall
    assert "checked" not in overall


def test_the_vendored_files_are_as_recorded() -> None:
    home = Path(settings.BASE_DIR) / "static" / "vendor"
    recorded = {
        name: digest
        for digest, name in (line.split() for line in (home / "CHECKSUMS").read_text().splitlines())
    }
    found = {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and path.name != "CHECKSUMS"
    }
    assert found == recorded


def test_every_icon_that_pages_name_is_in_the_sprite() -> None:
    home = Path(settings.BASE_DIR)
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (home / "static" / "icons.svg").read_text()))
    asked = set(components.FILE_ICONS.values()) | {"file", "inbox"}
    for page in (home / "templates").rglob("*.html"):
        asked |= set(re.findall(r'(?:\{% icon |icon=)"([^"]+)"', page.read_text()))
    assert asked - drawn == set()
