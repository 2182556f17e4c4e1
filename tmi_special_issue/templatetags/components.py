"""The components of `ui.md` section 2: one template each, explicit arguments.

A tag here only shapes its arguments; the mark-up is in `templates/components/<tag>.html`. Tags
that hold mark-up between `{% name %}` and `{% endname %}` hand it on as `content`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms, template
from django.conf import settings
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from tmi_special_issue import clock

register = template.Library()

SCALE = {1: "Poor", 2: "Fair", 3: "Good", 4: "Very good", 5: "Excellent"}
TONES = ("", "accent", "ok", "warn", "bad")

# The drawing of the score strip: five columns in 40 px, the tallest of four reviews fills it.
STRIP_HEIGHT = 22
STRIP_STEP = 8
STRIP_FLOOR = 2

SLOT_WORDS = {
    "returned": "returned",
    "agreed": "agreed",
    "late": "late",
    "invited": "invited",
    "open": "still open",
}
DOT_STEP = 17


def _draw(context: Context, component: str, /, **values: Any) -> SafeString:
    """Renders a component with nothing but its arguments, the request and the csrf token."""
    engine = context.template.engine  # type: ignore[union-attr]
    inner = context.new(values)
    for key in ("request", "csrf_token", "issue"):
        if key in context and key not in values:
            inner[key] = context[key]
    return engine.get_template(f"components/{component}.html").render(inner)


def _trimmed(content: SafeString) -> SafeString:
    """The content without the white space around it, so that an empty body counts as empty."""
    return mark_safe(content.strip())  # nosec B308 B703: safe before


def _part(thing: Any, name: str, default: Any = "") -> Any:
    """A part of a mapping or of an object: callers bring rows of either kind."""
    if isinstance(thing, Mapping):
        return thing.get(name, default)
    return getattr(thing, name, default)


# --- Tags with a body ------------------------------------------------------------------------


@register.simple_block_tag(takes_context=True)
def page_header(
    context: Context,
    content: SafeString,
    title: str,
    eyebrow: str = "",
    number: str = "",
    lead: str = "",
    size: str = "",
    pills: Sequence[tuple[str, str]] = (),
) -> SafeString:
    """The page's `<h1>`, what it is about in a line, and its acts at the right.

    `pills` stand beside the number: words and tone of each.
    """
    return _draw(
        context,
        "page_header",
        title=title,
        eyebrow=eyebrow,
        number=number,
        lead=lead,
        size=size,
        pills=pills,
        content=_trimmed(content),
    )


@register.simple_block_tag(takes_context=True)
def card(
    context: Context,
    content: SafeString,
    title: str = "",
    note: str = "",
    id: str = "",  # noqa: A002 - the attribute's own name
    level: int = 2,
    tone: str = "",
    flush: bool = False,
) -> SafeString:
    """A surface with an optional head. `flush` leaves out the padding, for tables."""
    return _draw(
        context,
        "card",
        title=title,
        note=note,
        id=id,
        level=level,
        tone=tone,
        flush=flush,
        content=content,
    )


@register.simple_block_tag(takes_context=True)
def state_card(
    context: Context,
    content: SafeString,
    label: str,
    tone: str = "turn",
    instant: datetime | None = None,
    instant_label: str = "",
) -> SafeString:
    """Where it is, by when, and the next act: the card at the top right of a manuscript."""
    return _draw(
        context,
        "state_card",
        label=label,
        tone=tone,
        instant=instant,
        instant_label=instant_label,
        content=_trimmed(content),
    )


@register.simple_block_tag(takes_context=True)
def today_card(
    context: Context,
    content: SafeString,
    signal: str,
    tone: str,
    title: str,
    url: str = "",
    text: str = "",
    level: int = 2,
) -> SafeString:
    """One thing that needs the reader today: why, which manuscript, what to do."""
    return _draw(
        context,
        "today_card",
        signal=signal,
        tone=tone,
        title=title,
        url=url,
        text=text,
        level=level,
        content=_trimmed(content),
    )


@register.simple_block_tag(takes_context=True)
def notice(
    context: Context, content: SafeString, tone: str = "warn", title: str = ""
) -> SafeString:
    """A bar with a sentence: closed, extended, for the editors only."""
    return _draw(context, "notice", tone=tone, title=title, content=content)


@register.simple_block_tag(takes_context=True)
def confirm_panel(
    context: Context,
    content: SafeString,
    id: str,  # noqa: A002 - the attribute's own name
    trigger: str,
    title: str,
    action: str,
    submit: str,
    tone: str = "",
    trigger_class: str = "btn btn-primary",
) -> SafeString:
    """What will happen and to whom, with the POST that does it. Opens without JavaScript."""
    return _draw(
        context,
        "confirm_panel",
        id=id,
        trigger=trigger,
        title=title,
        action=action,
        submit=submit,
        tone=tone,
        trigger_class=trigger_class,
        content=content,
    )


@register.simple_block_tag(takes_context=True)
def side_panel(
    context: Context,
    content: SafeString,
    id: str,  # noqa: A002 - the attribute's own name
    title: str,
    trigger: str = "",
    trigger_class: str = "btn btn-quiet",
) -> SafeString:
    """More detail at the right edge, without leaving the page."""
    return _draw(
        context,
        "side_panel",
        id=id,
        title=title,
        trigger=trigger,
        trigger_class=trigger_class,
        content=content,
    )


@register.simple_block_tag(takes_context=True)
def empty_state(
    context: Context,
    content: SafeString,
    title: str,
    text: str = "",
    icon: str = "inbox",
) -> SafeString:
    """What will be here, and what to do meanwhile."""
    return _draw(
        context, "empty_state", title=title, text=text, icon=icon, content=_trimmed(content)
    )


@register.simple_block_tag(takes_context=True)
def person_line(
    context: Context,
    content: SafeString,
    name: str,
    affiliation: str = "",
    orcid: str = "",
    orcid_verified: bool = False,
    native_name: str = "",
    url: str = "",
    note: str = "",
    corresponding: bool = False,
) -> SafeString:
    """A person: name as written, affiliation, the state of the ORCID iD; pills as content."""
    return _draw(
        context,
        "person_line",
        name=name,
        affiliation=affiliation,
        orcid=orcid,
        orcid_verified=orcid_verified,
        native_name=native_name,
        url=url,
        note=note,
        corresponding=corresponding,
        content=_trimmed(content),
    )


@register.inclusion_tag("components/people_row.html")
def people_row(people: Iterable[Any], shown: int = 8) -> dict[str, Any]:
    """Names in a row as written; a long list folds after `shown`. Never folds a single name."""
    every = [str(_part(person, "full_name") or person) for person in people]
    first = every if len(every) <= shown + 1 else every[:shown]
    return {"first": first, "rest": every[len(first) :]}


# --- Signs -----------------------------------------------------------------------------------


@register.inclusion_tag("components/stage_badge.html")
def stage_badge(label: str, tone: str = "rest") -> dict[str, Any]:
    """A stage in words with a sign: turn, wait, good, bad or rest."""
    return {"label": label, "tone": tone}


@register.inclusion_tag("components/pill.html")
def pill(label: str, tone: str = "") -> dict[str, Any]:
    """A short remark with the sign of its tone: colour never speaks alone."""
    return {"label": label, "tone": tone}


@register.simple_tag
def icon(name: str, label: str = "", size: int = 16) -> SafeString:
    """An icon of the sprite: decoration, unless `label` gives it a name of its own."""
    role = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')  # nosec B308: constant
    )
    return format_html(
        '<svg class="icon" width="{}" height="{}" {}><use href="{}#{}"/></svg>',
        size,
        size,
        role,
        static("icons.svg"),
        name,
    )


@register.inclusion_tag("components/avatar.html")
def avatar(name: str) -> dict[str, Any]:
    """The initials of a name, or its first letter; a dot for no name."""
    words = [word for word in name.split() if word[:1].isalpha()]
    ends = words if len(words) < 2 else [words[0], words[-1]]
    return {"name": name, "initials": "".join(word[0].upper() for word in ends) or "•"}


# --- Reviewers and scores --------------------------------------------------------------------


@register.inclusion_tag("components/reviewer_dots.html")
def reviewer_dots(slots: Iterable[str], need: int = 4) -> dict[str, Any]:
    """One sign per reviewer: returned, late, agreed, invited, still open.

    `slots` are states in reviewer order; declined ones are told in the title only. Missing
    reviewers are drawn as open, up to `need`.
    """
    given = list(slots)
    shown = [state for state in given if state in SLOT_WORDS]
    shown += ["open"] * max(0, need - len(shown))
    counts = Counter(shown)
    words = [f"{counts[state]} {SLOT_WORDS[state]}" for state in SLOT_WORDS if counts[state]]
    declined = sum(1 for state in given if state == "declined")
    if declined:
        words.append(f"{declined} declined")
    return {
        "title": "Reviewers: " + (", ".join(words) or "none"),
        "dots": [{"state": state, "x": 7 + DOT_STEP * place} for place, state in enumerate(shown)],
        "width": max(14, DOT_STEP * len(shown) - 3),
    }


@register.inclusion_tag("components/score_strip.html")
def score_strip(scores: Iterable[int | None], question: str) -> dict[str, Any]:
    """The distribution of the reviews' scores on the five-step scale (`domain.md` D)."""
    counts = Counter(score for score in scores if score in SCALE)
    total = sum(counts.values())
    tallest = max(3, *counts.values()) if counts else 3
    columns = []
    for step, place in enumerate(SCALE):
        number = counts[place]
        height = STRIP_FLOOR + (STRIP_HEIGHT - STRIP_FLOOR) * number // tallest
        columns.append(
            {
                "score": place if number else 0,
                "x": STRIP_STEP * step,
                "y": STRIP_HEIGHT - height,
                "height": height,
            }
        )
    told = ", ".join(f"{counts[place]} {SCALE[place]}" for place in SCALE if counts[place])
    return {
        "title": f"{question}: {told}",
        "question": question,
        "total": total,
        "columns": columns,
    }


@register.inclusion_tag("components/score_chip.html")
def score_chip(value: int | None, label: str = "") -> dict[str, Any]:
    """One score in words on the tint of its step."""
    known = value if value in SCALE else None
    return {"value": known, "label": label or (SCALE[known] if known else "")}


# --- Files and checks ------------------------------------------------------------------------

FILE_ICONS = {
    "pdf": "file-pdf",
    "zip": "file-archive",
    "gz": "file-archive",
    "tar": "file-archive",
    "png": "file-image",
    "jpg": "file-image",
    "jpeg": "file-image",
    "tif": "file-image",
    "tiff": "file-image",
    "mp4": "file-video",
    "mov": "file-video",
    "avi": "file-video",
}


@register.inclusion_tag("components/file_row.html", takes_context=True)
def file_row(
    context: Context,
    name: str,
    url: str = "",
    byte_count: int | None = None,
    sha256: str = "",
    pages: int | None = None,
    verdict: str = "",
    tone: str = "",
    preview_url: str = "",
    at: datetime | None = None,
    label: str = "",
    note: str = "",
) -> dict[str, Any]:
    """A file: kind, name, size, hash, what the preflight says, and a way to look at it."""
    ending = name.rsplit(".", 1)[-1].lower()
    return {
        "request": context.get("request"),
        "issue": context.get("issue"),
        "name": name,
        "url": url,
        "byte_count": byte_count,
        "sha256": sha256,
        "pages": pages,
        "verdict": verdict,
        "tone": tone,
        "preview_url": preview_url,
        "at": at,
        "label": label,
        "note": note,
        "file_icon": FILE_ICONS.get(ending, "file"),
    }


@register.inclusion_tag("components/difference.html")
def difference(parts: Iterable[Any]) -> dict[str, Any]:
    """Words that stayed, went or came, told by line, sign and hidden word, never by colour alone.

    A part has `change` (same, gone or new) and `text`.
    """
    return {"parts": parts}


@register.inclusion_tag("components/check_list.html")
def check_list(checks: Iterable[Any]) -> dict[str, Any]:
    """The preflight's answers in sentences, the gravest first."""
    order = {"bad": 0, "warn": 1, "ok": 2}
    rows = [
        {name: _part(check, name) for name in ("tone", "sentence", "detail", "url", "url_label")}
        for check in checks
    ]
    return {"checks": sorted(rows, key=lambda row: order.get(row["tone"], 3))}


@register.inclusion_tag("components/conflict_note.html")
def conflict_note(level: str, rule: str, evidence: str = "", person: str = "") -> dict[str, Any]:
    """Why somebody cannot (hard) or should perhaps not (ask, warn) act here, with the evidence."""
    tone = {"hard": "bad", "ask": "warn", "warn": "warn", "info": ""}.get(level, "ok")
    return {"tone": tone, "rule": rule, "evidence": evidence, "person": person}


@register.inclusion_tag("components/missing_list.html")
def missing_list(
    items: Iterable[Any],
    title: str = "Still missing",
    done: str = "Nothing is missing. You can submit.",
    note: str = "",
) -> dict[str, Any]:
    """What still stands between the reader and the act, each line with a way to it."""
    rows = []
    for item in items:
        sentence = item if isinstance(item, str) else str(_part(item, "sentence"))
        # "Abstract: it is empty." reads best as a short link and a quiet remark.
        subject, colon, remark = sentence.partition(": ")
        rows.append(
            {
                "subject": subject,
                "remark": remark if colon else "",
                "url": "" if isinstance(item, str) else _part(item, "url"),
            }
        )
    return {
        "items": rows,
        "title": title,
        "title_id": f"missing-{slugify(title)}",
        "done": done,
        "note": note,
    }


# --- Time ------------------------------------------------------------------------------------


@register.inclusion_tag("components/timeline.html", takes_context=True)
def timeline(
    context: Context,
    entries: Iterable[Any],
    empty: str = "Nothing has happened yet.",
    shown: int = 8,
) -> dict[str, Any]:
    """What happened, in the given order: instant, sentence, who. A long past folds."""
    every = list(entries)
    first = every if len(every) <= shown + 2 else every[:shown]
    return {
        "request": context.get("request"),
        "issue": context.get("issue"),
        "first": first,
        "rest": every[len(first) :],
        "empty": empty,
    }


@register.inclusion_tag("components/rail.html", takes_context=True)
def rail(context: Context, stops: Iterable[Any]) -> dict[str, Any]:
    """The dates of an issue on a line; the first one ahead of the clock is the next.

    A stop has `label`, `at` and perhaps `note`; a Milestone row will do.
    """
    now = clock.now()
    rows = []
    next_is_found = False
    for stop in stops:
        at = _part(stop, "at", None) or _part(stop, "due_at", None)
        is_ahead = at is not None and at > now
        rows.append(
            {
                "label": _part(stop, "label") or str(stop),
                "at": at,
                "note": _part(stop, "note"),
                "is_past": at is not None and not is_ahead,
                "is_next": is_ahead and not next_is_found,
            }
        )
        next_is_found = next_is_found or is_ahead
    return {
        "request": context.get("request"),
        "issue": context.get("issue"),
        "stops": rows,
    }


@register.inclusion_tag("components/thread.html", takes_context=True)
def thread(context: Context, messages: Iterable[Any], reader: Any = None) -> dict[str, Any]:
    """What two people wrote to each other, the first message first.

    A message has `sender` (a person), `text`, `sent_at` and perhaps `answer`, a word or two.
    """
    return {
        "request": context.get("request"),
        "issue": context.get("issue"),
        "lines": [
            {
                "name": _part(_part(message, "sender"), "full_name"),
                "is_own": _part(message, "sender") == reader,
                "text": _part(message, "text"),
                "answer": _part(message, "answer"),
                "at": _part(message, "sent_at", None),
            }
            for message in messages
        ],
    }


# --- Ways through a page ---------------------------------------------------------------------


@register.inclusion_tag("components/steps.html")
def steps(items: Iterable[Any], label: str = "Steps") -> dict[str, Any]:
    """The screens of a long form, numbered, with what is done."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/filter_chips.html")
def filter_chips(items: Iterable[Any], label: str = "Filter") -> dict[str, Any]:
    """Links that narrow a list, each with its count."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*items: Any) -> dict[str, Any]:
    """Where the page stands: a list of (label, address) pairs, or label, address, label…"""
    given: Sequence[Any] = items[0] if len(items) == 1 and not isinstance(items[0], str) else items
    if given and isinstance(given[0], str):
        labels, addresses = given[0::2], [*given[1::2], ""]
        pairs = list(zip(labels, addresses, strict=False))
    else:
        pairs = [(label, address) for label, address in given]
    return {"items": pairs}


@register.simple_tag(takes_context=True)
def nav_link(context: Context, view_name: str, label: str) -> SafeString | str:
    """A link of the main navigation, marked when the page is behind it; nothing if no such view."""
    try:
        address = reverse(view_name)
    except NoReverseMatch:
        return ""
    here = getattr(context.get("request"), "path", "")
    mark = ""
    if here == address:
        mark = mark_safe(' aria-current="page"')  # nosec B308: constant
    elif address != "/" and here.startswith(address):
        mark = mark_safe(' aria-current="true"')  # nosec B308: constant
    return format_html('<a href="{}"{}>{}</a>', address, mark, label)


@register.simple_tag
def safe_static(path: str) -> str:
    """The address of a static file; pages of last resort must not fail for want of one."""
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


@register.inclusion_tag("components/progress_bar.html")
def progress_bar(
    value: int, maximum: int, label: str, unit: str = "", cancel: bool = False
) -> dict[str, Any]:
    """n of m, or bytes of bytes when `unit` is "bytes"."""
    share = round(100 * value / maximum) if maximum else 0
    if unit == "bytes":
        told = f"{share} % · {byte_size(value)} of {byte_size(maximum)}"
    else:
        told = f"{value} of {maximum} {unit}".strip()
    return {"value": value, "maximum": maximum, "label": label, "told": told, "cancel": cancel}


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(context: Context, label: str, key: str, align: str = "") -> dict[str, Any]:
    """A column head that sorts by `?sort=key`, and by `-key` when pressed again."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    order = {key: "ascending", f"-{key}": "descending"}.get(query.get("sort", ""), "")
    query["sort"] = f"-{key}" if order == "ascending" else key
    query.pop("page", None)
    address = f"?{query.urlencode()}"
    return {"label": label, "order": order, "address": address, "align": align}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any], noun: str = "") -> dict[str, Any]:
    """ "1–50 of 123 · previous · next", keeping the rest of the query."""
    request = context.get("request")

    def address(number: int) -> str:
        query = request.GET.copy() if request is not None else QueryDict(mutable=True)
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "noun": noun,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/status_line.html")
def status_line(
    text: str = "",
    id: str = "",  # noqa: A002 - the attribute's own name
    state: str = "",
) -> dict[str, Any]:
    """The live region that says "saved 12:04"; `state` is saved, failed or nothing."""
    return {"text": text, "id": id, "state": state}


@register.inclusion_tag("components/bar_plot.html")
def bar_plot(
    title: str, rows: Iterable[tuple[str, int]], unit: str = "", noun: str = ""
) -> dict[str, Any]:
    """A plot that is its own table: label, bar, number."""
    given = [(label, number) for label, number in rows]
    largest = max((number for _, number in given), default=0)
    return {
        "title": title,
        "unit": unit,
        "noun": noun,
        "rows": [
            {
                "label": label,
                "number": number,
                "width": round(100 * number / largest, 1) if largest else 0,
            }
            for label, number in given
        ],
    }


@register.inclusion_tag("components/line_plot.html")
def line_plot(title: str, plot: Any) -> dict[str, Any]:
    """A stair over days in a frame of 640 by 220, with its axes and what it says in words.

    A plot has `line` (the path), `across`, `up` and `marks` (each `at` and `label`), and `told`.
    """
    return {"title": title, "plot": plot}


@register.simple_tag
def htmx_script() -> SafeString:
    """The htmx library, for the pages that swap parts."""
    return format_html('<script src="{}" defer></script>', static("vendor/htmx.min.js"))


# --- Forms -----------------------------------------------------------------------------------


@register.filter
def look(field: BoundField) -> str:
    """How a field is drawn: scale, cards, line, list, check, file, or text for all others."""
    widget = field.field.widget
    asked = str(widget.attrs.get("data-look", ""))
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return asked or "list"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "text"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input itself, with the class its kind needs."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        css = "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    else:
        css = "form-control"
    own = widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{own} {css}".strip()})


@register.simple_tag
def choice_parts(label: Any) -> dict[str, str]:
    """A choice's label and the description that may follow it after "::"."""
    name, _, description = str(label).partition("::")
    return {"name": name.strip(), "description": description.strip()}


@register.inclusion_tag("components/counter.html")
def counter(field: BoundField) -> dict[str, Any]:
    """The line that counts words or characters of a text field with limits."""
    attrs = field.field.widget.attrs
    least = attrs.get("data-min-words") or attrs.get("data-min-chars")
    most = attrs.get("data-max-words") or attrs.get("data-max-chars")
    by_words = "data-min-words" in attrs or "data-max-words" in attrs
    noun = "words" if by_words else "characters"
    if least and most:
        rule = f"{least} to {most} {noun}"
    elif most:
        rule = f"up to {most} {noun}"
    elif least:
        rule = f"at least {least} {noun}"
    else:
        rule = ""
    return {"rule": rule, "for": field.id_for_label}


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """All errors of a form in one box, each a link to its field."""
    rows = [
        {"field": form[name], "sentence": sentence}
        for name, sentences in form.errors.items()
        if name in form.fields
        for sentence in sentences
    ]
    general = list(form.non_field_errors()) if form.is_bound else []
    return {"rows": rows, "general": general, "count": len(rows) + len(general)}


# --- Filters ---------------------------------------------------------------------------------


@register.filter
def byte_size(count: int | None) -> str:
    """ "2.1 MB", counted by 1024 as the limits of an issue are; "–" for no size."""
    if count is None:
        return "–"
    if count < 1024:
        return f"{count} bytes" if count != 1 else "1 byte"
    kilobytes = count / 1024
    if kilobytes < 1000:
        return f"{max(1, round(kilobytes))} kB"
    megabytes = kilobytes / 1024
    return f"{megabytes:.0f} MB" if megabytes >= 100 else f"{megabytes:.1f} MB"


@register.filter
def short_hash(value: str) -> str:
    """ "9f2c…41ab": enough to compare by eye."""
    return f"{value[:4]}…{value[-4:]}" if len(value) > 12 else value


@register.filter
def names(people: Iterable[Any], shown: int = 2) -> SafeString:
    """The first names of a list as written, and how many follow: "Mara Okafor, Lena Brandt +2"."""
    every = [str(_part(person, "full_name", "") or person) for person in people]
    told = [format_html("<bdi>{}</bdi>", name) for name in every[:shown]]
    rest = len(every) - len(told)
    text = mark_safe(", ".join(told))  # nosec B308 B703: each is escaped
    return format_html("{} +{}", text, rest) if rest else text


@register.filter
def anchor(text: str) -> str:
    """A text as a fragment identifier."""
    return slugify(text) or "part"
