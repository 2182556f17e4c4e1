"""Links in mails come from the settings, whatever host a request claims."""

from typing import Any

from tmi_special_issue import links


def test_a_link_begins_with_the_configured_address(settings: Any) -> None:
    settings.SITE_URL = "https://desk.journal.example"
    assert links.absolute("health") == "https://desk.journal.example/health/"
