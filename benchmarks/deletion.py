"""Are the words named in `why` what carried a tag? The deletion test; writes docs/deletion.md.

    python -m benchmarks.deletion [FILE] [-m MODEL] [--draws 5] [--sentences N]

For every tag of every labelled sentence the words named in `why` are deleted from the text, the narrative is read
again, and the fall of the tag's score (log-odds of its probability) is measured; then the same with as many words of
the sentence drawn at random, and with as many drawn from the telling words that `why` does not name (no names, no
function words). Differences and ratios of mean falls come with 95 % intervals over narratives (2,000 resamplings).
Sentences with fewer than twice as many words as `why` names have nothing to compare with and are left out, counted.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipeline.frameworks import shipped_frameworks
from pipeline.labels.jsonl import read_corpus
from pipeline.model import find_model
from pipeline.records import LabelledNarrative, MaskedToken, Nomination, Sentence
from pipeline.workflow import Tagger

ROOT = Path(__file__).parent.parent
RESAMPLINGS = 2_000
CAP = 12.0
"""Log-odds are kept within this of zero, so that a probability of 1 in float32 has some."""

HOW = """
`python -m benchmarks.deletion`: model `{model}`, `{file}`, {tags} tags in {narratives} narratives ({left_out} more tags
left out: their sentence has fewer than twice as many words as are named). The words that `why` names are deleted and
the narrative is read again; then as many words drawn at random, {draws} draws each. Falls are in log-odds, intervals
(95 %) resample narratives.
"""


@dataclass(frozen=True, slots=True)
class Fall:
    """How far a tag's log-odds fell without the words of `why`, without random words, without other telling words."""

    narrative: int
    why: float
    random: float
    telling: float | None
    lost: bool
    lost_at_random: float


def log_odds(probability: float) -> float:
    """The log-odds of a probability, within CAP of zero."""
    p = min(max(float(probability), 1e-9), 1 - 1e-9)
    return float(np.clip(np.log(p / (1 - p)), -CAP, CAP))


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with these spans and the white space before each cut out."""
    for start, end in sorted(spans, reverse=True):
        head = text[:start]
        text = (head[:-1] if head[-1:] == " " else head) + text[end:]
    return text


class Deleter:
    """Reads a narrative again with words deleted and scores what is left of the sentence."""

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger

    def probabilities(self, nomination: Nomination, sentence: Sentence, words: Sequence[MaskedToken]) -> np.ndarray:
        """The probabilities (labels,) of the sentence without these words."""
        spans = [(word.start, word.end) for word in words]
        text = without(nomination.text, spans)
        end = sentence.end - (len(nomination.text) - len(text))
        parsed = self.tagger.parser.sentences(replace(nomination, text=text, sections=()))
        left = max(parsed, key=lambda s: min(s.end, end) - max(s.start, sentence.start - 1))
        return self.tagger.classifier.score(left, self.tagger.encoder).scores

    def falls(self, number: int, nomination: Nomination, sentence: Sentence, draws: int) -> list[Fall | None]:
        """The falls of each tag of a sentence; None for a tag without words enough to compare with."""
        classifier = self.tagger.classifier
        scored = classifier.score(sentence, self.tagger.encoder)
        generator = random.Random(f"{nomination.id} {sentence.start}")  # noqa: S311 - a fixed draw, not a secret
        words = [t for t in sentence.tokens if any(c.isalnum() for c in t.text)]
        out: list[Fall | None] = []
        for column in classifier.tagged(scored.scores):
            named = {reason.start for reason in scored.reasons(column)}
            chosen = [word for word in words if word.start in named]
            others = [word for word in words if word.telling and word.start not in named]
            if not chosen or len(words) < 2 * len(chosen):
                out.append(None)
                continue
            before, threshold = log_odds(scored.scores[column]), classifier.thresholds[column]

            def after(gone: Sequence[MaskedToken], column: int = column) -> float:
                return float(self.probabilities(nomination, sentence, gone)[column])

            why = after(chosen)
            drawn = [after(generator.sample(words, len(chosen))) for _ in range(draws)]
            telling = None
            if len(others) >= len(chosen):
                kept = [after(generator.sample(others, len(chosen))) for _ in range(draws)]
                telling = float(np.mean([before - log_odds(p) for p in kept]))
            out.append(
                Fall(
                    narrative=number,
                    why=before - log_odds(why),
                    random=float(np.mean([before - log_odds(p) for p in drawn])),
                    telling=telling,
                    lost=why < threshold,
                    lost_at_random=float(np.mean([p < threshold for p in drawn])),
                )
            )
        return out


def against(falls: Sequence[Fall], other: str) -> dict[str, float]:
    """Falls without `why` against falls without other words: tags, means, their difference and ratio with intervals.

    A ratio is infinite where the mean fall without other words is not above zero.
    """
    used = [fall for fall in falls if getattr(fall, other) is not None]
    one, two = np.array([f.why for f in used]), np.array([getattr(f, other) for f in used], dtype=float)
    numbers, rows = np.unique([f.narrative for f in used], return_inverse=True)
    sums = np.stack([np.bincount(rows, values, len(numbers)) for values in (one, two, np.ones(len(used)))])
    drawn = np.random.default_rng(0).integers(0, len(numbers), (RESAMPLINGS, len(numbers)))
    tops, bottoms, counts = sums[:, drawn].sum(axis=2)
    out = {"tags": float(len(used)), "fall": float(two.mean())}
    for name, point, values in (
        ("difference", one.mean() - two.mean(), (tops - bottoms) / counts),
        ("ratio", one.mean() / two.mean() if two.mean() > 0 else np.inf, _ratios(tops, bottoms)),
    ):
        low, high = np.percentile(values, [2.5, 97.5], method="inverted_cdf")  # no mean of a number and infinity
        out |= {name: float(point), f"{name}_low": float(low), f"{name}_high": float(high)}
    return out


def _ratios(tops: np.ndarray, bottoms: np.ndarray) -> np.ndarray:
    return np.where(bottoms > 0, tops / np.where(bottoms > 0, bottoms, 1), np.inf)


def page_of(falls: Sequence[Fall], left_out: int, file: str, model: str, draws: int) -> str:
    """The figures as a page."""
    lines = [
        "# Are the words named as telling what carried a tag?",
        "",
        " ".join(HOW.split()).format(
            model=model, file=file, draws=draws, left_out=left_out, tags=len(falls),
            narratives=len({fall.narrative for fall in falls}),
        ),
        "",
        "| deleted | tags | mean fall of the score | `why` lowers it more by | and … times as much |",
        "|---|---|---|---|---|",
        f"| the words of `why` | {len(falls)} | {np.mean([f.why for f in falls]):.2f} | | |",
    ]  # fmt: skip
    for other, words in (
        ("random", "as many random words of the sentence"),
        ("telling", "as many other telling words of the sentence"),
    ):
        one = against(falls, other)
        cells = [
            f"{one[name]:.2f} ({one[name + '_low']:.2f} to {one[name + '_high']:.2f})"
            for name in ("difference", "ratio")
        ]
        if one["fall"] <= 0:
            cells[1] = "no ratio: without them the score rises"
        lines.append(f"| {words} | {one['tags']:.0f} | {one['fall']:.2f} | {cells[0]} | {cells[1]} |")
    ahead = np.mean([f.why > f.random for f in falls])
    lost, lost_at_random = np.mean([f.lost for f in falls]), np.mean([f.lost_at_random for f in falls])
    lines += [
        "",
        f"Deleting the words of `why` lowers the score more than deleting random ones for {ahead:.1%} of tags, and",
        f"takes {lost:.1%} of tags away (random words: {lost_at_random:.1%}).",
    ]
    return "\n".join(lines) + "\n"


def labelled(narratives: Sequence[LabelledNarrative], most: int | None) -> Sequence[LabelledNarrative]:
    """The first narratives that hold this many sentences together; all for None."""
    total, out = 0, []
    for narrative in narratives:
        if most is None or total < most:
            out.append(narrative)
            total += len(narrative.sentences)
    return out


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "../shared/gold-dev.jsonl")
    parser.add_argument("-m", "--model")
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--sentences", type=int, help="about so many alone, for trying out: docs stay")
    options = parser.parse_args()
    folder = find_model(options.model)
    tester = Deleter(Tagger.load(folder))
    falls: list[Fall] = []
    left_out = 0
    narratives = list(read_corpus([options.file], shipped_frameworks()))
    for number, narrative in enumerate(labelled(narratives, options.sentences)):
        nomination = Nomination(id=narrative.id, text=narrative.text, nominee=narrative.nominee)
        for sentence in tester.tagger.parser.sentences(nomination):
            found = tester.falls(number, nomination, sentence, options.draws)
            left_out += sum(fall is None for fall in found)
            falls += [fall for fall in found if fall is not None]
    if not falls:
        raise SystemExit("No tag was given, so there is nothing to delete: try another file or model.")
    page = page_of(falls, left_out, options.file.name, folder.name, options.draws)
    print(page)
    if options.sentences is None:
        (ROOT / "docs/deletion.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
