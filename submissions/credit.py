"""The fourteen roles of CRediT, ANSI/NISO Z39.104-2022: who did what for a paper."""

CREDIT_ROLES: dict[str, str] = {
    "conceptualization": "Conceptualization",
    "data-curation": "Data curation",
    "formal-analysis": "Formal analysis",
    "funding-acquisition": "Funding acquisition",
    "investigation": "Investigation",
    "methodology": "Methodology",
    "project-administration": "Project administration",
    "resources": "Resources",
    "software": "Software",
    "supervision": "Supervision",
    "validation": "Validation",
    "visualization": "Visualization",
    "writing-original-draft": "Writing – original draft",
    "writing-review-editing": "Writing – review & editing",
}


def role_names(codes: list[str]) -> list[str]:
    """The roles as a reader knows them, in the order of the standard."""
    return [name for code, name in CREDIT_ROLES.items() if code in codes]
