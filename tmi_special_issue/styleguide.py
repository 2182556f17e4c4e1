"""Every component in every state on one page. Mounted in debug and in rehearsals only."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from tmi_special_issue import clock

TOKENS = [
    "paper",
    "surface",
    "sunken",
    "line",
    "line-strong",
    "line-control",
    "ink",
    "ink-2",
    "ink-3",
    "accent",
    "accent-soft",
    "ok",
    "ok-soft",
    "warn",
    "warn-soft",
    "bad",
    "bad-soft",
    "s1",
    "s2",
    "s3",
    "s4",
    "s5",
]
SCALE = [("5", "Excellent"), ("4", "Very good"), ("3", "Good"), ("2", "Fair"), ("1", "Poor")]
ANSWERS = [("yes", "Yes"), ("partly", "Partly"), ("no", "No")]
RECOMMENDATIONS = [
    ("accept", "Accept"),
    ("minor", "Minor revision :: accept pending small changes, no external review of them"),
    ("major", "Reject and resubmit :: major changes needed, reviewed again by the same editor"),
    ("reject", "Reject"),
]
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Papadopoulou-Ramaswamy"
TITLE = "Sentence-Level Preference Learning for Faithful Radiology Report Generation"
LONG_TITLE = (
    "One Volumetric Encoder for Three Modalities: Physics-Token Pretraining from Unpaired "
    "Examinations, with a Multicentre Evaluation on 41,000 Studies of the Thorax and Abdomen"
)


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(help_text="As in the PDF, without a full stop at the end.")
    abstract = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "data-min-words": 150, "data-max-words": 250}),
    )
    country = forms.ChoiceField(
        choices=[("", "Choose a country"), ("dk", "Denmark"), ("kr", "South Korea")],
        required=False,
    )
    overall = forms.ChoiceField(
        label="Overall evaluation",
        choices=SCALE[::-1],
        widget=forms.RadioSelect(attrs={"data-look": "scale"}),
    )
    validated = forms.ChoiceField(
        label="Validated on real, large-scale data",
        choices=ANSWERS,
        widget=forms.RadioSelect(attrs={"data-look": "line"}),
    )
    recommendation = forms.ChoiceField(
        choices=RECOMMENDATIONS, widget=forms.RadioSelect(attrs={"data-look": "cards"})
    )
    topics = forms.MultipleChoiceField(
        choices=[
            ("a", "Large vision models"),
            ("b", "Image reconstruction"),
            ("c", "Explainability"),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text="One to three.",
    )
    file = forms.FileField(required=False, help_text="PDF up to 20 MB.")
    agreed = forms.BooleanField(
        label="All authors have read and approved this version",
        help_text="Each co-author gets a mail and may object.",
    )


def _forms() -> dict[str, forms.Form]:
    filled = {
        "title": TITLE,
        "abstract": "Large language models can draft radiology reports. " * 12,
        "country": "dk",
        "overall": "4",
        "validated": "partly",
        "recommendation": "minor",
        "topics": ["a", "c"],
        "agreed": "on",
    }
    return {
        "empty": SampleForm(auto_id="empty_%s"),
        "filled": SampleForm(filled, auto_id="filled_%s"),
        "wrong": SampleForm({"country": "xx", "overall": "9"}, auto_id="wrong_%s"),
    }


def _rows() -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {
            "number": "TMI-FM-2024-0004",
            "title": "Distilling a Segmentation Foundation Model for Point-of-Care Ultrasound",
            "authors": ["Mara Okafor", "Lena Brandt", "Ito Sato", "Ana Cruz"],
            "stage": ("AE assigns reviewers", "turn"),
            "pill": ("−9 d", "bad"),
            "slots": ["agreed", "agreed", "invited"],
            "overall": [],
            "originality": [],
            "turn": "you",
            "next": ("invitation expires", now + timedelta(days=1)),
        },
        {
            "number": "TMI-FM-2024-0002",
            "title": TITLE,
            "authors": ["Alba Ferrante", "Joseph Osei"],
            "stage": ("To decide", "turn"),
            "pill": None,
            "slots": ["returned"] * 4,
            "overall": [3, 4, 4, 4],
            "originality": [3, 3, 4, 4],
            "turn": "you",
            "next": ("decision", now + timedelta(days=24)),
        },
        {
            "number": "TMI-FM-2024-0003.R1",
            "title": LONG_TITLE,
            "authors": [f"Author {number}" for number in range(1, 41)],
            "stage": ("Waiting for reviewers’ scores", "wait"),
            "pill": ("1 late", "warn"),
            "slots": ["returned", "late", "returned", "declined", "returned"],
            "overall": [1, 4, 4],
            "originality": [2, 4, 5],
            "turn": "Reviewer 2",
            "next": ("reminder", now + timedelta(days=1)),
        },
        {
            "number": "TMI-FM-2024-0001",
            "title": "نموذج أساسي للتصوير الطبي: a Title that Begins from the Right",
            "authors": ["ليلى الحداد", "Nour Haddad"],
            "stage": ("Decision approved", "good"),
            "pill": None,
            "slots": ["returned"] * 4,
            "overall": [3, 4, 4, 5],
            "originality": [4, 4, 5, 5],
            "turn": "release",
            "next": ("released", now + timedelta(days=400)),
        },
    ]


def sample() -> dict[str, Any]:
    """The invented material of the page."""
    now = clock.now()
    return {
        "tokens": TOKENS,
        "header_pills": [("decision overdue", "bad"), ("you handle it", "accent")],
        "now": now,
        "soon": now + timedelta(days=4, hours=15),
        "past": now - timedelta(days=3),
        "much_later": now + timedelta(days=400),
        "forms": _forms(),
        "rows": _rows(),
        "page": Paginator(range(123), 50).page(2),
        "title": TITLE,
        "long_title": LONG_TITLE,
        "long_name": LONG_NAME,
        "many_authors": [f"Author Number {number}" for number in range(1, 41)],
        "few_authors": ["Alba Ferrante", "ליאור מזרחי", "김민준"],
        "stops": [
            {"label": "Submissions close", "at": now - timedelta(days=12), "note": ""},
            {
                "label": "Initial decision",
                "at": now + timedelta(days=24),
                "note": "after four reviews",
            },
            {"label": "Revisions close", "at": now + timedelta(days=70)},
            {
                "label": "Final acceptance",
                "at": now + timedelta(days=120),
            },
        ],
        "steps": [
            {"label": "Files", "url": "#", "done": True, "current": False},
            {"label": "Manuscript", "url": "#", "done": False, "current": True},
            {"label": "Authors", "url": "#", "done": False, "current": False},
            {"label": "Declarations", "url": "#", "done": False, "current": False},
            {"label": "Check and submit", "url": "#", "done": False, "current": False},
        ],
        "filters": [
            {"label": "All mine", "url": "#", "count": 31, "current": True},
            {"label": "My turn", "url": "#", "count": 6, "current": False},
            {"label": "At risk", "url": "#", "count": 9, "current": False},
            {"label": "To decide", "url": "#", "count": 0, "current": False},
            {"label": "Decided", "url": "#", "count": None, "current": False},
        ],
        "events": [
            SimpleNamespace(
                at=now - timedelta(hours=5), sentence="Reviewer 4 returned the review", actor=""
            ),
            SimpleNamespace(
                at=now - timedelta(days=24),
                sentence="Four invitations sent",
                actor=LONG_NAME,
                url="#",
            ),
            SimpleNamespace(
                at=now - timedelta(days=300), sentence="Submitted, receipt delivered", actor=""
            ),
        ],
        "letters_between": [
            {
                "sender": SimpleNamespace(full_name="Noor Haddad"),
                "text": "The validation is on one hospital only. Is that large-scale enough?",
                "sent_at": now - timedelta(days=3),
            },
            {
                "sender": SimpleNamespace(full_name=LONG_NAME),
                "text": "With a second, external cohort it is. The method itself is in scope.",
                "sent_at": now - timedelta(days=2),
                "answer": "fits if…",
            },
        ],
        "changed_words": [
            {"change": "same", "text": "The encoder was tested in"},
            {"change": "gone", "text": "two centres"},
            {"change": "new", "text": "four centres of three countries"},
            {"change": "same", "text": "and kept its accuracy."},
        ],
        "checks": [
            {"tone": "ok", "sentence": "9 pages (limit 10, references included)"},
            {
                "tone": "bad",
                "sentence": "The abstract has 263 words; the limit is 250.",
                "url": "#",
                "url_label": "Edit it in step 2",
            },
            {
                "tone": "warn",
                "sentence": "Text on page 7 cannot be seen",
                "detail": "(white on white, 41 words). Editors will be shown it.",
                "url": "#",
            },
        ],
        "missing": [
            {"sentence": "Abstract: 13 words too many", "url": "#"},
            {"sentence": "Index terms: at least two", "url": "#"},
            "The deadline has passed",
        ],
        "reviewer_columns": [1, 2, 3, 4],
        "score_rows": [
            ("Overall evaluation", [4, 3, 4, 4]),
            ("Originality", [3, 3, 4, 5]),
            ("Impact", [2, 1, None, 3]),
        ],
        "strips": [[], [3], [1, 4, 4], [4, 4, 4, 4], [1, 2, 3, 5], [5, 5, 5, 4, 4, 4, 3]],
        "dots": [
            [],
            ["invited"],
            ["agreed", "agreed", "invited"],
            ["returned", "late", "agreed", "invited", "declined"],
            ["returned"] * 4,
            ["returned"] * 6,
        ],
        "plot": [("Submitted", 31), ("Reviewed", 22), ("Revised", 9), ("Accepted", 0)],
        "sha": "9f2c8b1d0c4e7a6b5f3e2d1c0b9a8f7e6d5c4b3a2918f7e6d5c4b3a29100041ab",
    }


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Shows the components."""
    return render(request, "styleguide.html", sample())


urlpatterns = [path("styleguide/", styleguide, name="styleguide")]
