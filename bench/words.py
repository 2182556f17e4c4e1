"""Invented titles, abstracts and comments: made from few patterns, the same for the same seed."""

from __future__ import annotations

from random import Random

# The twelve topics of the call, each with the phrases that its papers use.
THEMES = (
    ("report drafting", "language model", "radiology report", "token", "instruction tuning"),
    ("volumetric encoder", "masked prediction", "vision backbone", "patch", "scaling law"),
    ("image-text alignment", "contrastive loss", "grounded phrase", "caption", "joint embedding"),
    ("learned reconstruction", "diffusion prior", "undersampled scan", "k-space", "sinogram"),
    ("tumour segmentation", "prompted mask", "organ contour", "point prompt", "click budget"),
    ("expert annotation", "reader agreement", "label protocol", "delineation", "curation"),
    ("self-supervised pretraining", "teacher network", "augmentation", "warm start", "schedule"),
    ("adapter tuning", "knowledge distillation", "low-rank update", "student", "task vector"),
    ("human feedback", "preference pair", "reward model", "policy gradient", "ranking"),
    ("saliency audit", "subgroup gap", "calibration", "shortcut", "attribution map"),
    ("bedside deployment", "triage queue", "latency budget", "drift monitor", "scanner fleet"),
    ("privacy risk", "consent record", "memorisation", "federated round", "data steward"),
)
ORGANS = ("brain", "liver", "lung", "heart", "prostate", "kidney", "spine", "breast", "retina")
SCANS = ("CT", "MRI", "ultrasound", "PET", "mammography", "radiograph", "tomosynthesis", "OCT")
WAYS = ("robust", "efficient", "generalist", "interpretable", "federated", "unified", "scalable")
SENTENCES = (
    "We present a {way} approach to {a} for {organ} {scan} that needs no paired examinations.",
    "Existing work treats {b} and {c} apart, which limits its use in {organ} imaging.",
    "Our model combines {a} with {d} and is trained on {count} {scan} volumes of {few} centres.",
    "A new objective couples {b} to {e}, so that rare findings of the {organ} stay visible.",
    "On {few} external cohorts it improves {c} by {few} points over the strongest baseline.",
    "The gain is largest where labels are scarce and where the {scan} vendor was never seen.",
    "Ablations show that {d} explains most of the effect, while {e} matters for small lesions.",
    "Readers preferred its output in {count} blinded comparisons of {organ} studies.",
    "Failure cases come from motion, from metal and from an unusual {scan} protocol.",
    "Weights, splits and the evaluation of {a} are made available for {way} reuse.",
)
COMMENTS = (
    "{n}. (mandatory) Report {b} on a split that shares no patient with the training of {a}.",
    "{n}. (mandatory) Say how many readers judged the {organ} cases and how they disagreed.",
    "{n}. (optional) A table of {c} against {scan} vendor would show where the method fails.",
    "{n}. (mandatory) The claim on {d} rests on one run; give the spread over several seeds.",
    "{n}. (optional) Shorten the introduction and name the limits of {e} in the discussion.",
    "{n}. (mandatory) Compare with a {way} baseline that was tuned with the same effort.",
)


def title(random: Random, theme: int) -> str:
    """A title of about ten words."""
    pattern = random.choice(
        (
            "{way} {a} for {organ} {scan}: {b} meets {c}",
            "Towards {way} {a} in {organ} {scan} with {d}",
            "{a} without {b}: a {way} model for {scan} of the {organ}",
        )
    )
    return _filled(random, theme, pattern).capitalize()


def abstract(random: Random, theme: int) -> str:
    """One paragraph of 150 to 250 words."""
    return " ".join(_filled(random, theme, random.choice(SENTENCES)) for _ in range(12))


def comment(random: Random, theme: int) -> str:
    """A reviewer's comments to the authors: eight numbered paragraphs, some 750 characters."""
    lines = (random.choice(COMMENTS).replace("{n}", str(n)) for n in range(1, 9))
    return "\n\n".join(_filled(random, theme, line) for line in lines)


def index_terms(theme: int) -> list[str]:
    """The theme's first phrases."""
    return ["foundation model", *THEMES[theme][:3]]


def _filled(random: Random, theme: int, pattern: str) -> str:
    # Most phrases are of the theme; one in five comes from another, as in real abstracts.
    near = THEMES[theme] if random.random() < 0.8 else random.choice(THEMES)
    return pattern.format(
        **dict(zip("abcde", random.sample(near, 5), strict=True)),
        organ=random.choice(ORGANS),
        scan=random.choice(SCANS),
        way=random.choice(WAYS),
        count=random.randrange(2_000, 90_000),
        few=random.randrange(2, 12),
    )
