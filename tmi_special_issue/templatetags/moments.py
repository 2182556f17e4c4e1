"""How instants are written: the official zone, the time left, the reader's own zone.

The functions above the line of tags are pure; the tags only gather zone, clock and reader.
`ui.md` 1: a date is never only relative and never only absolute.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tmi_special_issue import clock
from tmi_special_issue.queries import current_issue

register = template.Library()

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class OfficialZone:
    """The zone in which the dates of an issue are counted, and its short name on pages."""

    name: str = "Etc/GMT+12"
    label: str = "AoE"

    @property
    def info(self) -> ZoneInfo:
        return ZoneInfo(self.name)


def written(instant: datetime, zone: OfficialZone) -> str:
    """ "15 Aug 2024, 23:59 AoE". Minutes are cut, not rounded: a limit never looks later."""
    local = _in_zone(instant, zone.info)
    return f"{local.day} {local:%b %Y, %H:%M} {zone.label}"


def written_day(instant: datetime, zone: OfficialZone) -> str:
    """ "15 August 2024" in the official zone."""
    local = _in_zone(instant, zone.info)
    return f"{local.day} {local:%B %Y}"


def written_short(instant: datetime, zone: OfficialZone, at: datetime) -> str:
    """ "15 Aug", with the year when it is not the year of `at`."""
    local = _in_zone(instant, zone.info)
    same_year = local.year == _in_zone(at, zone.info).year
    return f"{local.day} {local:%b}" if same_year else f"{local.day} {local:%b %Y}"


def written_elsewhere(instant: datetime, zone_name: str, zone: OfficialZone) -> str:
    """ "16 Aug, 13:59 in Copenhagen"; empty where the reader's clock agrees or is unknown."""
    try:
        theirs = ZoneInfo(zone_name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    local = _in_zone(instant, theirs)
    official = _in_zone(instant, zone.info)
    if local.utcoffset() == official.utcoffset():
        return ""
    if zone_name in {"UTC", "Etc/UTC", "GMT"}:
        return f"{local.day} {local:%b, %H:%M} UTC"
    place = zone_name.rsplit("/", 1)[-1].replace("_", " ")
    return f"{local.day} {local:%b, %H:%M} in {place}"


def relative(instant: datetime, at: datetime) -> str:
    """ "in 12 days", "3 hours ago", "now". Whole units, cut: time left is never flattered."""
    distance = instant - at
    ahead = distance >= timedelta(0)
    seconds = int(abs(distance).total_seconds())
    if seconds < 60:
        return "now"
    if seconds < 3600:
        amount = _counted(seconds // 60, "minute")
    elif seconds < 2 * 86400:
        amount = _counted(seconds // 3600, "hour")
    else:
        amount = _counted(seconds // 86400, "day")
    return f"in {amount}" if ahead else f"{amount} ago"


def left(instant: datetime, at: datetime) -> str:
    """ "in 4 days 15 hours", "in 2 hours 5 minutes", "closed 3 days ago" without the verb."""
    distance = instant - at
    seconds = int(abs(distance).total_seconds())
    days, rest = divmod(seconds, 86400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if distance < timedelta(0) or days >= 14:
        return relative(instant, at)
    if days:
        parts = [_counted(days, "day"), _counted(hours, "hour") if hours else ""]
    elif hours:
        parts = [_counted(hours, "hour"), _counted(minutes, "minute") if minutes else ""]
    elif minutes:
        parts = [_counted(minutes, "minute")]
    else:
        return "in less than a minute"
    return "in " + " ".join(part for part in parts if part)


def machine(instant: datetime) -> str:
    """The value of a `datetime` attribute: UTC to the second."""
    return _in_zone(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _in_zone(instant: datetime, zone: Any) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant on a page needs a zone.")
    return instant.astimezone(zone)


# --- Tags ------------------------------------------------------------------------------------


def official_zone(context: Context) -> OfficialZone:
    """The zone of the page's issue. Kept on the request, so that a long list asks once."""
    request = getattr(context, "request", None) or context.get("request")
    kept = getattr(request, "official_zone", None)
    if isinstance(kept, OfficialZone):
        return kept
    # A SimpleLazyObject around None is falsy but not None.
    issue = context.get("issue") or current_issue()
    zone = OfficialZone(issue.zone, issue.zone_label) if issue else OfficialZone()
    if request is not None:
        request.official_zone = zone
    return zone


def readers_zone(context: Context) -> str:
    """The zone that the signed-in reader chose, or nothing: then the browser fills it in."""
    request = getattr(context, "request", None) or context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    # UTC is what an account begins with, not a choice; the browser knows better.
    zone = str(getattr(user, "time_zone", "") or "")
    return "" if zone == "UTC" else zone


@register.simple_tag(takes_context=True)
def moment(
    context: Context, instant: datetime | None, relative: bool = True, own_zone: bool = True
) -> SafeString | str:
    """The full date: official zone, time left, and the reader's own zone beside it."""
    if instant is None:
        return NOTHING
    zone = official_zone(context)
    parts = [
        format_html(
            '<time datetime="{}"{}>{}</time>',
            machine(instant),
            SafeString(' data-moment=""') if own_zone else "",
            written(instant, zone),
        )
    ]
    if relative:
        parts.append(
            format_html('<span class="moment-relative">({})</span>', _relative_now(instant))
        )
    theirs = written_elsewhere(instant, readers_zone(context), zone) if own_zone else ""
    if theirs:
        parts.append(format_html('<span class="moment-own">{}</span>', theirs))
    whole = SafeString(" ".join(parts))  # nosec B703: each part is escaped
    return format_html('<span class="moment">{}</span>', whole)


@register.simple_tag(takes_context=True)
def moment_short(context: Context, instant: datetime | None) -> SafeString | str:
    """The day for a narrow place; the full date is its title."""
    if instant is None:
        return NOTHING
    zone = official_zone(context)
    return format_html(
        '<time datetime="{}" title="{} ({})">{}</time>',
        machine(instant),
        written(instant, zone),
        _relative_now(instant),
        written_short(instant, zone, clock.now()),
    )


@register.simple_tag(takes_context=True)
def moment_day(context: Context, instant: datetime | None) -> SafeString | str:
    """The day in full words, for the rail and for headings."""
    if instant is None:
        return NOTHING
    zone = official_zone(context)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        machine(instant),
        written(instant, zone),
        written_day(instant, zone),
    )


@register.simple_tag(takes_context=True)
def moment_clock(context: Context, instant: datetime | None) -> SafeString | str:
    """The hour under a day, and the same instant in the reader's own zone.

    Where the zone is not known, an empty place waits for the browser to fill it, so that nothing
    moves when it does.
    """
    if instant is None:
        return ""
    zone = official_zone(context)
    return format_html(
        '<span class="moment"><time datetime="{}" data-moment="">{}</time> '
        '<span class="moment-own">{}</span></span>',
        machine(instant),
        f"{_in_zone(instant, zone.info):%H:%M} {zone.label}",
        written_elsewhere(instant, readers_zone(context), zone),
    )


@register.simple_tag(takes_context=True)
def moment_text(context: Context, instant: datetime | None) -> str:
    """The date as plain text with its zone, for attributes and mails."""
    return NOTHING if instant is None else written(instant, official_zone(context))


@register.simple_tag
def moment_left(instant: datetime | None) -> str:
    """The time left in two units: "in 4 days 15 hours"."""
    return NOTHING if instant is None else left(instant, clock.now())


def _relative_now(instant: datetime) -> str:
    return relative(instant, clock.now())
