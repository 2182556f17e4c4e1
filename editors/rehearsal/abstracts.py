"""Titles and abstracts of the ten named manuscripts of the rehearsal (`domain.md` K, SYN-1 to 10).

Invented; 150 to 250 words each, one paragraph, no citations.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """A manuscript with words of its own. `topic` is the position in the call, from 0."""

    title: str
    abstract: str
    topic: int
    pages: int = 10


NAMED: dict[str, Named] = {
    "SYN-1": Named(
        "One Volumetric Encoder for Three Modalities: Physics-Token Pretraining from Unpaired "
        "Examinations",
        "Foundation models for medical imaging are usually pretrained on one modality at a time, "
        "and their features transfer poorly when a clinical task needs several acquisitions of "
        "the same patient. This paper presents a masked pretraining scheme that learns one "
        "volumetric encoder from unpaired computed tomography, magnetic resonance and ultrasound "
        "examinations. The encoder receives a physics token that describes the acquisition, so "
        "that the same anatomy seen through different contrasts is mapped to nearby "
        "representations without requiring registered pairs. A second contribution is a sampling "
        "rule that balances body regions and scanners during pretraining and that keeps rare "
        "examinations visible to the optimiser. The method was pretrained on a simulated "
        "collection of sixty thousand volumes and was evaluated on organ segmentation, lesion "
        "detection and motion grading in four held-out centres. Compared with three "
        "single-modality baselines and one general vision model, the proposed encoder improved "
        "the mean segmentation overlap by two to four points when only five per cent of the "
        "labels were used, and it lost less accuracy when the scanner vendor changed. Ablation "
        "experiments show that the physics token accounts for most of the gain. The results "
        "suggest that modality-aware pretraining is a practical route to foundation models that "
        "serve several imaging departments with one set of weights.",
        1,
    ),
    "SYN-2": Named(
        "Sentence-Level Preference Learning for Faithful Radiology Report Generation",
        "Large language models can draft radiology reports, but a draft that sounds fluent may "
        "still describe findings that are absent from the image. This paper studies how human "
        "preference data should be collected and used so that a multimodal report generator "
        "becomes more faithful rather than merely more fluent. Radiologists compared pairs of "
        "drafts sentence by sentence and marked each sentence as supported, unsupported or not "
        "assessable. A reward model was trained on these marks, and the report generator was "
        "tuned against the reward with a penalty that discourages omission of relevant findings. "
        "The procedure was evaluated on a synthetic chest radiograph corpus with known findings "
        "and on two retrospective collections with independent readings. Relative to supervised "
        "tuning alone, the tuned model reduced the rate of unsupported sentences by one third "
        "while the recall of annotated findings was unchanged within the confidence interval. A "
        "reader study with six participants indicated shorter editing times for tuned drafts. "
        "The analysis also shows a failure mode in which the reward model rewards hedging, and a "
        "simple calibration term that removes it. The findings support sentence-level preference "
        "collection as an efficient way to align report generation models with the needs of "
        "clinical readers.",
        8,
        pages=9,
    ),
    "SYN-3": Named(
        "A Shared Diffusion Prior with Low-Rank Protocol Adaptation for Accelerated MRI",
        "Reconstruction of undersampled magnetic resonance data with generative priors gives "
        "sharp images, yet the prior is normally trained for one anatomy and one field strength "
        "and must be trained again for each new protocol. This paper asks whether one large "
        "image prior can serve many protocols. A diffusion model was pretrained on "
        "complex-valued images from several body regions and was adapted to each protocol by "
        "learning a low-rank correction with fewer than one per cent of the parameters. Data "
        "consistency is enforced during sampling by a proximal step that uses the measured coil "
        "sensitivities, and the number of steps is chosen from the noise level of the scan. The "
        "approach was compared with compressed sensing, an unrolled network and "
        "protocol-specific diffusion models at acceleration factors from four to twelve. With "
        "twenty training examples for each protocol the adapted prior matched the "
        "protocol-specific models, and without adaptation it remained within one decibel of "
        "them. Robustness was examined for shifted sampling masks, lower field strength and "
        "simulated pathology that was absent from pretraining. The results indicate that a "
        "shared prior with light adaptation reduces the data needed for learned reconstruction, "
        "and the paper discusses when the prior must not be trusted.",
        3,
    ),
    "SYN-4": Named(
        "Distilling a Segmentation Foundation Model for Point-of-Care Ultrasound",
        "Promptable segmentation models need more memory and power than a hand-held ultrasound "
        "probe can offer, and their accuracy on ultrasound is uneven because speckle and shadow "
        "were rare in their training images. This paper distils a large segmentation model into "
        "a network of four million parameters that runs on the probe itself. The student learns "
        "from the masks of the teacher and from the agreement of the teacher with itself under "
        "simulated changes of gain, depth and contact pressure, so that pixels on which the "
        "teacher hesitates count for less. A short calibration in front of a phantom adapts the "
        "normalisation layers to a new device without labels. The method was trained on invented "
        "sweeps of heart, lung, kidney and bladder and was tested on three devices that did not "
        "contribute to training. The student kept ninety-six per cent of the overlap of its "
        "teacher, answered within forty milliseconds, and failed visibly rather than silently "
        "when the probe lost contact. A study with eleven novice operators showed shorter "
        "examination times. The remaining errors lie at shadowed borders, and the paper describes "
        "how the display marks them.",
        7,
        pages=8,
    ),
    "SYN-5": Named(
        "Fairness Audits of Vision-Language Models Across Scanner Vendors and Age Groups",
        "A vision-language model that is accurate on average may still serve some patients badly, "
        "and the groups for which it fails are often defined by the equipment as much as by the "
        "person. This paper proposes an audit that separates the two. For each finding, matched "
        "pairs of examinations are drawn that differ in scanner vendor or in age group but agree "
        "in all other recorded respects, and the difference of the model's answers is compared "
        "with the difference that repeated examinations of the same patient would produce. A "
        "sequential test stops the audit as soon as the evidence suffices, which keeps the number "
        "of expert readings small. Five models of images and text were audited on an invented "
        "collection of chest and musculoskeletal radiographs with known composition. Vendor "
        "effects exceeded age effects for four of the models and were hidden in the usual "
        "subgroup tables, because vendors and age groups were correlated between sites. Fine "
        "tuning on a balanced sample removed most of the vendor effect but enlarged the age "
        "effect in two models. The audit needs six hundred readings for each finding, and its "
        "code and protocol accompany the paper.",
        9,
    ),
    "SYN-6": Named(
        "Expert-in-the-Loop Curation of Two Million Image-Text Pairs for Mammography",
        "Pairs of images and sentences are the raw material of multimodal foundation models, but "
        "sentences taken from mammography reports are short, formulaic and often describe an "
        "earlier examination. This paper describes how a collection of two million pairs was "
        "curated with limited expert time. A language model proposes which sentence belongs to "
        "which view and marks references to prior examinations; radiologists then judge only the "
        "proposals on which two differently trained models disagree. Their judgements return to "
        "the models each week. Quality was measured by blind double reading of a random sample, "
        "and cost by the minutes of reading time. After nine weeks the share of wrongly paired "
        "sentences had fallen from eighteen to two per cent at a cost of four hundred reading "
        "hours. A contrastive model that was pretrained on the curated pairs exceeded one that "
        "was pretrained on the raw pairs in density estimation and in retrieval of similar "
        "lesions, although the raw collection was three times as large. All records used in this "
        "study are simulated. The protocol, the disagreement rule and the reading interface are "
        "described in enough detail to be repeated elsewhere.",
        5,
    ),
    "SYN-7": Named(
        "A Perspective on Foundation Models in Imaging Departments",
        "Foundation models have entered the conversation of imaging departments faster than they "
        "have entered their daily work. In this article we reflect on what would have to change "
        "before such models become ordinary instruments. We first recall how earlier waves of "
        "computer aid were received and why many of the promised savings of time did not appear. "
        "We then discuss who should own the weights of a model that was adapted on the images of "
        "a department, how its mistakes should be reported, and what a trainee still needs to "
        "learn when a draft of every report is already on the screen. We argue that departments "
        "should ask for models that can be switched off for a week without harm, and that a "
        "yearly comparison with unaided reading should be part of every contract. Finally we "
        "sketch three futures, one in which models remain assistants, one in which they triage, "
        "and one in which they read alone at night. The article contains no experiments. It "
        "rests on the experience of its authors and is meant to open a discussion among readers "
        "who build, buy and use such models.",
        10,
        pages=7,
    ),
    "SYN-8": Named(
        "Prompt-Free Lesion Triage with a Multimodal Language Model",
        "Multimodal language models answer questions about images, but a busy emergency "
        "department has nobody to ask the questions. This paper removes the prompt. A model of "
        "images and text is taught to decide by itself which of twenty urgent findings deserve "
        "attention, to order them, and to stay silent otherwise. Training combines written "
        "reports with a ranking loss that compares examinations of the same shift, so that the "
        "model learns what could wait rather than only what is present. A token for silence "
        "makes the absence of an alarm an explicit answer whose calibration can be measured. The "
        "approach was evaluated on simulated shifts with known urgency and on two invented "
        "collections of head and chest examinations. At the sensitivity of the reading list it "
        "replaces, the model shortened the median time to the first reading of an urgent "
        "examination from thirty-one to nine minutes and raised fewer alarms than a classifier "
        "for each finding. Performance fell when the mix of examinations changed at night, and a "
        "simple reweighting recovered most of the loss. Examples of wrong silence are discussed "
        "in detail.",
        2,
        pages=9,
    ),
    "SYN-9": Named(
        "Uncertainty-Aware Integration of Foundation Models in Tumour Board Workflow",
        "Tumour boards weigh images, pathology and history under time pressure, and a model that "
        "offers one confident answer does not fit into that conversation. This paper integrates "
        "a foundation model for staging into the workflow of a board so that it speaks only where "
        "its uncertainty is lower than the disagreement among the members. The uncertainty is "
        "obtained from a small set of adapters that were trained on different centres, and it is "
        "shown as the set of stages that cannot be excluded. The system was placed beside two "
        "simulated boards for twelve weeks of invented cases, alternating weeks with and without "
        "it. With the system the boards revised their first stage more often, agreed with the "
        "reference stage more often, and took no longer for each case. Where the set contained "
        "more than two stages the members ignored it, which suggests a natural limit for display. "
        "A failure analysis shows that the adapters agree wrongly when all centres share a "
        "protocol, and a test for this condition is given. The paper closes with a checklist for "
        "departments that consider a similar trial.",
        10,
    ),
    "SYN-10": Named(
        "Counterfactual Explanations for Volumetric Foundation Models",
        "To explain the answer of a model one may ask what the image would have to look like for "
        "the answer to change. For volumes this question is difficult, because most changes that "
        "alter an answer do not look like anatomy. This paper generates counterfactual volumes "
        "by walking in the latent space of a generative model whose steps are constrained to "
        "displacements and intensity changes that a registration model judges to be plausible. "
        "The walk begins at the examination and ends as soon as the answer of the foundation "
        "model changes; the shortest of several walks is shown as a film. The method was applied "
        "to models for lung nodules, brain atrophy and cardiac function on invented data with "
        "known causes. Four readers who saw the films predicted the answers of the models on new "
        "examinations better than readers who saw heat maps. The films also revealed that one "
        "model had learned the position of the table. Computation takes about two minutes for "
        "each volume, and the counterfactuals are not unique. The paper discusses how several of "
        "them should be shown together without overwhelming the reader.",
        9,
    ),
}
