"""Invented research prose: titles, abstracts and sections about models that never were.

Every word is ours and every number is drawn by lot. The same seed gives the same paper on every
machine. Twelve themes follow the order of the call's twelve topics.
"""

import random
import re
from dataclasses import dataclass

ABSTRACT_WORDS_MOST = 250


@dataclass(frozen=True, slots=True)
class Theme:
    """The subject of a paper: what is built (`thing`), by what means, and how to title it."""

    titles: tuple[str, ...]
    thing: str
    means: str
    terms: tuple[str, ...]


THEMES: tuple[Theme, ...] = (
    Theme(
        (
            "Sentence-Level Preference Learning for Faithful {organ} Report Generation",
            "Reading Before Writing: Evidence-Bound Language Models for {modality} Reports",
        ),
        "a language model that drafts reports",
        "preference marks collected sentence by sentence",
        ("large language models", "report generation", "preference learning"),
    ),
    Theme(
        (
            "{name}: A Volumetric Vision Foundation Model for {organ} {modality}",
            "Masked Volume Pretraining at Scale for {organ} {modality}",
        ),
        "a vision encoder for volumes",
        "masked prediction over volumes of mixed resolution",
        ("vision foundation model", "self-supervised learning", "volumetric imaging"),
    ),
    Theme(
        (
            "Aligning {modality} and Clinical Text with Region-Aware Contrastive Learning",
            "{name}: Grounded Vision-Language Modelling of {organ} {modality}",
        ),
        "a joint model of images and words",
        "region-aware contrastive alignment",
        ("vision-language model", "contrastive learning", "grounding"),
    ),
    Theme(
        (
            "A Reconstruction Foundation Model Across Acceleration Factors for {modality}",
            "One Prior for Many Scanners: Generalist Reconstruction of {organ} {modality}",
        ),
        "a generalist prior for reconstruction",
        "a diffusion prior with exact data consistency",
        ("image reconstruction", "diffusion model", "inverse problems"),
    ),
    Theme(
        (
            "Top-Down Task Graphs and Bottom-Up Tokens for {organ} {modality} Understanding",
            "{name}: From Voxels to Findings by Bottom-Up Composition",
        ),
        "a compositional model of findings",
        "a task graph that meets image tokens half-way",
        ("compositional model", "task graph", "representation learning"),
    ),
    Theme(
        (
            "Expert Descriptions at Scale: Curating {organ} {modality} for Foundation Models",
            "Disagreement Is Data: Annotating {modality} with Many Experts",
        ),
        "a curated collection with expert descriptions",
        "an annotation protocol that keeps disagreement",
        ("data curation", "expert annotation", "label uncertainty"),
    ),
    Theme(
        (
            "Curriculum Pretraining with Anatomical Order for {organ} {modality}",
            "Fewer Steps, Better Features: Efficient Pretraining on {modality}",
        ),
        "a pretraining scheme",
        "a curriculum ordered by anatomy",
        ("pretraining", "curriculum learning", "fine-tuning"),
    ),
    Theme(
        (
            "Low-Rank Adaptation with Anatomical Gates for {task} in {modality}",
            "Distilling a Foundation Model into a Scanner-Side Network for {task}",
        ),
        "a small adapter on a frozen model",
        "low-rank updates behind anatomical gates",
        ("adaptation", "model distillation", "parameter-efficient fine-tuning"),
    ),
    Theme(
        (
            "Learning from Readers: Reinforcement from Radiologist Feedback in {modality}",
            "Reward Models That Know Their Limits for {organ} {modality}",
        ),
        "a policy tuned by readers' feedback",
        "a reward model with calibrated doubt",
        ("reinforcement learning", "human feedback", "reward model"),
    ),
    Theme(
        (
            "Explaining {organ} {modality} Foundation Models by Counterfactual Anatomy",
            "Who Is Left Behind? Fairness of {modality} Foundation Models Across Sites",
        ),
        "an audit of a pretrained model",
        "counterfactual edits that keep the anatomy",
        ("explainability", "fairness", "generalizability"),
    ),
    Theme(
        (
            "{name} in the Reading Room: A Prospective Study of {organ} {modality}",
            "Silent Deployment of a Foundation Model for {task}",
        ),
        "a deployed assistant",
        "a silent trial that is followed by a staged release",
        ("clinical deployment", "prospective study", "workflow"),
    ),
    Theme(
        (
            "Consent, Memory and Leakage in {modality} Foundation Models",
            "Knowing When Not to Answer: Abstention for {task} in {modality}",
        ),
        "a model that may abstain",
        "selective prediction with a stated risk",
        ("trustworthy artificial intelligence", "privacy", "abstention"),
    ),
)

_WORDS: dict[str, tuple[str, ...]] = {
    "modality": (
        "Computed Tomography",
        "Magnetic Resonance Imaging",
        "Ultrasound",
        "Positron Emission Tomography",
        "Digital Mammography",
        "Optical Coherence Tomography",
        "Chest Radiography",
        "Whole-Slide Microscopy",
    ),
    "organ": ("Brain", "Chest", "Cardiac", "Liver", "Retinal", "Breast", "Prostate", "Kidney"),
    "task": (
        "Lesion Segmentation",
        "Nodule Detection",
        "Tumour Grading",
        "Organ Delineation",
        "Fracture Triage",
        "Plaque Quantification",
    ),
    "name": ("Meridian", "Lantern", "Heron", "Tessera", "Quill", "Basalt", "Juniper", "Sextant"),
    "collection": (
        "the Northfield collection",
        "the Harbour cohort",
        "the Twin Rivers archive",
        "the Alder study",
        "the Lakeside series",
        "the Copper Hill registry",
    ),
    "baseline": (
        "a supervised network of the same size",
        "a general-purpose encoder",
        "the strongest public baseline",
        "a convolutional network trained from scratch",
        "a model of twice the size",
    ),
    "measure": (
        "the Dice overlap",
        "the area under the curve",
        "sensitivity at one false alarm per case",
        "the structural similarity",
        "the calibration error",
        "the agreement with expert readers",
    ),
    "group": (
        "patients above seventy years",
        "images from portable devices",
        "the smallest lesions",
        "sites that were not seen in training",
        "scans with motion",
        "the rarest findings",
    ),
    "why": (
        "because the supervision is sparse",
        "since scanners differ more than patients do",
        "because readers disagree on the boundary",
        "as the images are far larger than any context window",
        "because the rare cases are the ones that matter",
        "since a wrong but fluent answer is worse than none",
    ),
    "part": (
        "the encoder",
        "the tokeniser",
        "the attention layers",
        "the decoder",
        "the projection head",
        "the normalisation layers",
    ),
    "act": (
        "freezing",
        "removing",
        "halving",
        "sharing",
        "replacing",
        "regularising",
    ),
    "adverb": ("clearly", "slightly", "consistently", "noticeably", "modestly", "reliably"),
    "also": ("In addition", "Moreover", "In turn", "Likewise", "At the same time", "By contrast"),
}

_ABSTRACT = (
    (
        "Foundation models promise one representation for many tasks, yet in {modality_l} their "
        "use is held back {why}."
    ),
    "This paper presents {name}, {thing} that rests on {means}.",
    (
        "In contrast to earlier work, the method needs no dense labels and treats the origin of "
        "every image as a variable that may be absent."
    ),
    (
        "The model was trained on {n_big} examinations from {n_sites} sites and was then adapted "
        "to {task_l} with {n_small} labelled cases."
    ),
    (
        "We evaluated it on {collection} and, without any change, on two external collections that "
        "were acquired with other devices."
    ),
    (
        "Compared with {baseline}, {measure} rose from {low} to {high}, and the gain was largest "
        "for {group}."
    ),
    (
        "Ablations show that {means} accounts for about {share} per cent of the improvement, while "
        "the size of the model matters less than the variety of the data."
    ),
    (
        "Three readers who did not know the origin of the results preferred those of the proposed "
        "method in {prefer} of one hundred cases."
    ),
    (
        "The remaining errors concentrate in scans with motion and in findings that the readers "
        "themselves judged differently."
    ),
    (
        "The findings suggest that careful use of supervision, rather than scale alone, decides "
        "whether such a model can be trusted in practice."
    ),
    (
        "Code, weights and the protocol of the evaluation will be made available so that other "
        "groups can repeat every step."
    ),
)

# Section title, then sentences; each sentence may be drawn several times with other words.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Introduction",
        (
            (
                "Interpreting {modality_l} takes years to learn, and demand grows faster than the "
                "number of those who can do it."
            ),
            (
                "General models learn much from unlabelled images, but what they learn is not "
                "always what a clinical question needs."
            ),
            "Labels for {task_l} are costly, {why}.",
            (
                "{also}, a network that was tuned on one collection often fails on the next one "
                "without saying so."
            ),
            "We ask whether {means} can close this gap without a new round of labelling.",
            "The answer matters most for {group}, where mistakes are seldom noticed in time.",
            (
                "Earlier studies treated the two halves of the problem apart: first the "
                "representation, then the task."
            ),
            (
                "Our view is different: the task should already shape which details the "
                "representation keeps."
            ),
            (
                "This work contributes a method, an evaluation on {n_sites} sites, and a protocol "
                "that others can repeat."
            ),
            "None of the gains that we report depends on data that cannot be described in full.",
        ),
    ),
    (
        "Related Work",
        (
            (
                "Large encoders for medical images were first trained with objectives borrowed "
                "from photographs [{ref}]."
            ),
            (
                "Later work replaced random masks by masks that follow anatomy [{ref}], with mixed "
                "results for {group}."
            ),
            "A second line of research joins images and text [{ref}], {why}.",
            (
                "Adaptation with few parameters is attractive in hospitals [{ref}], where the full "
                "model can rarely be trained again."
            ),
            "Several groups have studied how {part} changes under a shift of scanner [{ref}].",
            (
                "{also}, audits of public models found that {measure} may differ by more than "
                "{gap} points between sites [{ref}]."
            ),
            "Our method is closest to that of [{ref}]; it differs in the use of {means}.",
            (
                "What is still missing is an evaluation in which training and test data share "
                "neither device nor protocol."
            ),
            "Benchmarks with a single number per model hide such differences [{ref}].",
        ),
    ),
    (
        "Method",
        (
            (
                "Let each examination be a set of patches with positions in millimetres rather "
                "than in voxels, so that resolution becomes a property of the input."
            ),
            (
                "{name} consists of an encoder with {layers} layers, a light decoder, and a gate "
                "that decides which tokens are worth keeping."
            ),
            (
                "The objective has two terms: one asks for the missing content, the other for "
                "agreement between views of the same patient."
            ),
            (
                "We weight the second term by {weight}, a value found on a held-out part of "
                "{collection}."
            ),
            (
                "During adaptation {part} stays frozen, and only {share} per cent of the "
                "parameters are updated."
            ),
            "{also}, every batch holds examinations from at least three sites, {why}.",
            (
                "The gate is trained with a straight-through estimate and a penalty on the number "
                "of tokens that pass."
            ),
            (
                "At inference no test-time augmentation is used, and a volume takes {seconds} "
                "seconds on one card."
            ),
            (
                "The doubt of the model is read from the spread of {n_small} stochastic passes "
                "through the last block."
            ),
            "We found {act} {part} to be harmless at the beginning of training and harmful later.",
            (
                "Positions enter as rotations of the attention keys, which keeps distances "
                "comparable between devices."
            ),
            (
                "All losses are computed in physical space after resampling to a common grid of "
                "{weight} millimetres."
            ),
        ),
    ),
    (
        "Data",
        (
            (
                "Training used {n_big} examinations of adults from {n_sites} sites, collected over "
                "nine years."
            ),
            (
                "{collection_c} holds {n_mid} examinations with outlines drawn by two readers and "
                "settled by a third."
            ),
            "Cases were split by patient and by site, so that no person appears in two parts.",
            (
                "We removed images that were exact or near copies of each other by comparing "
                "hashes of thumbnails."
            ),
            "{also}, headers were reduced to spacing, orientation and the type of the device.",
            "The share of {group} was {share} per cent and was kept equal in all parts.",
            "Every reader marked {n_small} cases twice, weeks apart; the agreement was {high}.",
            "No case was left out because a method failed on it.",
        ),
    ),
    (
        "Experiments",
        (
            "We compare with {baseline} under the same budget of steps and the same preprocessing.",
            (
                "All models were trained for {steps} thousand steps with a warm-up of two thousand "
                "and a cosine schedule."
            ),
            "Hyperparameters were chosen once, on {collection}, and were not touched afterwards.",
            (
                "Results are means over five seeds; intervals come from ten thousand bootstrap "
                "samples of patients."
            ),
            "The main outcome is {measure}; the rest were fixed before the test data were opened.",
            "{also}, we report the time of a reader with and without the result on the screen.",
            (
                "Differences were tested with a paired permutation test and corrected for the "
                "number of comparisons."
            ),
            (
                "Training took {seconds} days on eight cards, which is about a third of the cost "
                "of {baseline}."
            ),
        ),
    ),
    (
        "Results",
        (
            (
                "On {collection} the proposed method reached {high} for {measure}, against {low} "
                "for {baseline}."
            ),
            "The gain was largest for {group}, where it came to {gap} points.",
            (
                "On the first external collection {measure} fell by only {gap_s} points, while it "
                "fell by {gap} for {baseline}."
            ),
            "{also}, {act} {part} lowered {measure} {adverb}, as Fig. 2 shows.",
            "With a tenth of the labels the method still matched {baseline}.",
            "Fig. 1 shows how {measure} grows with the number of labelled cases.",
            (
                "Readers preferred the proposed result in {prefer} of one hundred cases and had no "
                "preference in {n_small}."
            ),
            (
                "The model abstained in {share} per cent of the cases; among these, {prefer} per "
                "cent had been judged differently by the readers."
            ),
            "Calibration improved {adverb}: the error went from {gap} to {gap_s} points.",
            (
                "We saw no difference between sexes beyond the interval of the test, and a small "
                "one for {group}."
            ),
            "Removing {means} cost {gap} points, more than any other change.",
            "The effect of model size was small: doubling it added {gap_s} points at most.",
        ),
    ),
    (
        "Discussion",
        (
            (
                "The results support the view that variety of data matters more than amount, at "
                "least for {task_l}."
            ),
            (
                "Why {means} helps is not fully understood; we suspect that it removes a shortcut "
                "through the type of the device."
            ),
            (
                "{also}, the method failed where one would expect a careful reader to ask for "
                "another scan."
            ),
            (
                "A limitation is that all sites use related protocols, so that the external "
                "collections are less foreign than one would wish."
            ),
            (
                "The readers saw the results in random order, but they may have recognised the "
                "style of a method."
            ),
            "We did not study children, and nothing here should be applied to them.",
            (
                "It is tempting to read the attention maps as explanations; our tests with edited "
                "images do not support that for {group}."
            ),
            (
                "For use in practice, a limit on the doubt of the model must be set together with "
                "those who carry the risk."
            ),
            (
                "Future work will ask whether the gate can be learned from the way in which "
                "readers move through a volume."
            ),
            "The cost of training remains high for a single hospital, though adaptation is cheap.",
        ),
    ),
)

CONCLUSION = (
    "We presented {name}, {thing} that rests on {means}.",
    "On {n_sites} sites it improved {measure} over {baseline}, most of all for {group}.",
    "The evaluation was fixed in advance and can be repeated with the released protocol.",
    (
        "We hope that the collection of failures, which is released as well, will be of more use "
        "to others than one more number."
    ),
)

_SURNAMES = (
    "Abadi", "Brandt", "Castell", "Dvorsky", "Ekwueme", "Farkas", "Grimaldo", "Hautala", "Iwasaki",
    "Jansma", "Kolarik", "Lindqvist", "Marchetti", "Nakagawa", "Oyelaran", "Petrosyan", "Quispe",
    "Rahimov", "Szalai", "Tamang", "Urbanek", "Vestergaard", "Wierzba", "Yilmazer", "Zubiri",
)  # fmt: skip
_JOURNALS = (
    "J. Synth. Imag.",
    "Ann. Invent. Radiol.",
    "Proc. Conf. Imagined Learn.",
    "Lett. Comput. Anat.",
    "Rev. Hypothet. Med. Phys.",
)


@dataclass(frozen=True, slots=True)
class InventedPaper:
    """Words of a paper without its body; `seed` gives the body again, always the same."""

    seed: int
    title: str
    abstract: str
    index_terms: tuple[str, ...]
    topic: int


class Prose:
    """Draws sentences for one seed. The order of calls decides, so build a paper in one go."""

    def __init__(self, seed: int, topic: int | None = None) -> None:
        self._lot = random.Random(f"paper {seed}")
        self.topic = seed % len(THEMES) if topic is None else topic % len(THEMES)
        self.theme = THEMES[self.topic]
        self._fixed = {
            key: self._lot.choice(_WORDS[key]) for key in ("modality", "organ", "task", "name")
        }
        self._fixed["n_sites"] = str(self._lot.randint(6, 31))
        self._fixed["n_big"] = f"{self._lot.randint(41, 989)},{self._lot.randint(100, 999)}"
        self.title = self.filled(self._lot.choice(self.theme.titles))

    def filled(self, template: str) -> str:
        """The sentence with its places filled, first letter in capitals."""
        text = re.sub(r"\{(\w+)\}", self._word, template)
        return text[:1].upper() + text[1:]

    def _word(self, match: re.Match[str]) -> str:
        key = match.group(1)
        if key in self._fixed:
            return self._fixed[key]
        if key in ("modality_l", "task_l"):
            return self._fixed[key[:-2]].lower()
        if key in ("thing", "means"):
            return str(getattr(self.theme, key))
        if key == "collection_c":
            return self._lot.choice(_WORDS["collection"]).capitalize()
        if key in _WORDS:
            return self._lot.choice(_WORDS[key])
        return self._number(key)

    def _number(self, key: str) -> str:
        lot = self._lot
        return {
            "n_mid": lambda: f"{lot.randint(1, 9)},{lot.randint(100, 999)}",
            "n_small": lambda: str(lot.randint(12, 60)),
            "low": lambda: f"0.{lot.randint(61, 79)}",
            "high": lambda: f"0.{lot.randint(81, 94)}",
            "share": lambda: str(lot.randint(3, 48)),
            "prefer": lambda: str(lot.randint(52, 84)),
            "gap": lambda: f"{lot.randint(3, 11)}.{lot.randint(0, 9)}",
            "gap_s": lambda: f"{lot.randint(0, 2)}.{lot.randint(1, 9)}",
            "layers": lambda: str(lot.choice((12, 16, 24, 32))),
            "weight": lambda: f"0.{lot.randint(1, 9)}",
            "seconds": lambda: str(lot.randint(2, 19)),
            "steps": lambda: str(lot.randint(60, 400)),
            "ref": lambda: str(lot.randint(1, 28)),
        }[key]()

    def abstract(self) -> str:
        """One paragraph of 150 to 250 words without marks or maths."""
        sentences = [self.filled(sentence) for sentence in _ABSTRACT]
        while sum(len(sentence.split()) for sentence in sentences) > ABSTRACT_WORDS_MOST - 10:
            sentences.pop(-3)
        return " ".join(sentences)

    def sentences(self, templates: tuple[str, ...]) -> list[str]:
        """Four to six different sentences of one section."""
        chosen = self._lot.sample(templates, k=min(len(templates), self._lot.randint(4, 6)))
        return [self.filled(template) for template in chosen]

    def reference(self, number: int) -> str:
        """An invented reference of an invented journal."""
        lot = self._lot
        names = " and ".join(
            f"{lot.choice('ABCDEFGHJKLMNPRSTV')}. {surname}"
            for surname in lot.sample(_SURNAMES, k=lot.randint(1, 3))
        )
        theme = lot.choice(THEMES)
        title = f"{lot.choice(('On', 'Towards', 'Revisiting', 'Limits of'))} {theme.means}"
        first = lot.randint(1, 900)
        return (
            f"[{number}] {names}, “{title},” {lot.choice(_JOURNALS)}, vol. {lot.randint(1, 40)}, "
            f"pp. {first}–{first + lot.randint(4, 14)}, {lot.randint(2016, 2023)}."
        )

    def curve(self, points: int) -> list[float]:
        """Values between 0 and 1 that rise and level off, for a plot."""
        top, speed = self._lot.uniform(0.6, 0.95), self._lot.uniform(2, 5)
        return [
            top * (1 - 2.718 ** (-speed * n / points)) + self._lot.uniform(-0.02, 0.02)
            for n in range(1, points + 1)
        ]


def invented_paper(seed: int, topic: int | None = None) -> InventedPaper:
    """Title, abstract, index terms and topic (0 to 11, in the call's order) of one seed."""
    prose = Prose(seed, topic)
    abstract = prose.abstract()
    terms = (*prose.theme.terms, prose.filled("{modality}").lower(), "foundation models")
    return InventedPaper(seed, prose.title, abstract, terms, prose.topic)
