"""Train every route on the corpus, test it on a labelled file, write the table, the plot and the figures.

    make bench-quality                                        (its own virtual environment; about an hour on two cores)
    python -m benchmarks.quality --test FILE --untuned DIR    (DIR: python models/encoder/build.py --out DIR)

The test file is never trained on and sets no threshold. Calibration and thresholds of every route are set as the
product sets its own, on out-of-fold scores of the same three folds of narratives. What a route gave is kept under
.cache/quality, so that a run that was cut off goes on; `--afresh` measures everything again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.quality.figures import classifier_of, compared, cross_decided, decided, figures
from benchmarks.quality.linear import Frozen, Joined, SupportVectors
from benchmarks.quality.neural import Contrastive, SpacyCategorizer
from benchmarks.quality.pool import Floats, Pool, Vectors, pool_of
from benchmarks.quality.report import write_report
from benchmarks.quality.routes import Route, Trained
from benchmarks.quality.rules import Keywords, ZeroShot
from benchmarks.quality.tuned import Averaged, FineTuned
from pipeline.encoder import Encoder
from pipeline.frameworks import Frameworks, shipped_frameworks
from pipeline.labels.jsonl import read_corpus
from pipeline.model.heads import load_heads

ROOT = Path(__file__).parent.parent.parent
CORPUS = (ROOT / "data/corpus/grounded", ROOT / "data/corpus/written")
FEWEST = 10
"""A label with fewer sentences in the corpus is left out, as `leadlight train` does."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Out-of-fold and test scores of a route, seconds of training, sentences a second, bytes."""

    out_of_fold: Floats
    test: Floats
    seconds: float
    wall: bool
    speed: float
    size: int


def speed(trained: Trained, pool: Pool, vectors: Vectors | None) -> tuple[Floats, float]:
    """The scores of a pool, and sentences a second of processor time by one thread: the best of three rounds."""
    times = []
    with threadpool_limits(1), one_thread():
        for _ in range(3):
            if vectors:
                vectors.forget()
            begun = time.process_time()
            scores = trained.scores(pool.sentences)
            times.append(time.process_time() - begun)
    return scores, len(pool.sentences) / max(min(times), 1e-9)


class one_thread:  # noqa: N801 - reads as a statement
    """Torch with one thread, where torch is there."""

    def __enter__(self) -> None:
        try:
            import torch
        except ImportError:
            self.before = 0
        else:
            self.before = torch.get_num_threads()
            torch.set_num_threads(1)

    def __exit__(self, *_: object) -> None:
        if self.before:
            import torch

            torch.set_num_threads(self.before)


def measured(route: Route, corpus: Pool, test: Pool) -> Outcome:
    """Train a route and let it score both pools."""
    if route.encoder:
        route.encoder.forget()
    learned = route.learn(corpus)
    scores, rate = speed(learned.trained, test, route.encoder)
    return Outcome(learned.out_of_fold, scores, learned.seconds, learned.wall, rate, learned.trained.size)


def kept(path: Path, make: Callable[[], Outcome]) -> Outcome:
    """The outcome in a file, or made and put there."""
    if path.is_file():
        with np.load(path, allow_pickle=False) as stored:
            facts = json.loads(str(stored["facts"]))
            return Outcome(stored["out_of_fold"], stored["test"], **facts)
    found = make()
    facts = {"seconds": found.seconds, "wall": found.wall, "speed": found.speed, "size": found.size}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, out_of_fold=found.out_of_fold, test=found.test, facts=np.array(json.dumps(facts)))
    return found


def routes(frameworks: Frameworks, options: argparse.Namespace) -> list[Route]:
    """Every route, the product's last."""
    untuned = Vectors(Encoder(options.untuned), folder_bytes(options.untuned))
    found: list[Route] = [
        Keywords(frameworks),
        ZeroShot(frameworks, untuned),
        SupportVectors(),
        SpacyCategorizer(options.spacy_epochs),
        Frozen(untuned),
        Contrastive(options.setfit_steps),
        Joined(frameworks, untuned),
    ]
    heads = load_heads(options.encoder)
    if heads:
        tuned = Vectors(Encoder(options.encoder), folder_bytes(options.encoder))
        found += [FineTuned(tuned, heads), Averaged(frameworks, tuned, heads)]
    return [route for route in found if not options.only or route.name in options.only]


def folder_bytes(folder: Path) -> int:
    """Bytes of what tagging reads of an encoder."""
    return sum((folder / name).stat().st_size for name in ("encoder.onnx", "tokenizer.json"))


def pools(frameworks: Frameworks, test: Path, share: float) -> tuple[Pool, Pool]:
    """The corpus (or a share of its narratives, for trying out) and the test file, with the labels that are learned."""
    narratives = list(read_corpus(list(CORPUS), frameworks))
    if share < 1:
        narratives = random.Random(0).sample(narratives, int(len(narratives) * share))  # noqa: S311
    corpus = pool_of(narratives, frameworks)
    labels = [n for n, c in zip(corpus.labels, corpus.truth.sum(axis=0), strict=True) if c >= FEWEST]
    return corpus.only(labels), pool_of(read_corpus([test], frameworks), frameworks).only(labels)


def result(
    frameworks: Frameworks, corpus: Pool, test: Pool, outcomes: Mapping[str, tuple[Route, Outcome]]
) -> dict[str, Any]:
    """The figures of all routes and how the last of them compares."""
    model = classifier_of(frameworks, corpus.labels)
    out: dict[str, Any] = {"routes": {}, "product_against": {}}
    tests, withins = {}, {}
    for name, (route, outcome) in outcomes.items():
        tests[name] = decided(model, outcome.out_of_fold, corpus.truth, corpus.narratives, outcome.test)
        withins[name] = cross_decided(model, corpus, outcome.out_of_fold)
        out["routes"][name] = {
            "words": route.words,
            "training_seconds": round(outcome.seconds, 1),
            "training_seconds_are": "wall, two cores" if outcome.wall else "processor",
            "sentences_a_second": round(outcome.speed, 1),
            "bytes": outcome.size,
            "test": figures(model, tests[name], test.truth, test.narratives),
            "within": figures(model, withins[name], corpus.truth, corpus.narratives),
        }
    best = next(reversed(outcomes))
    for name in outcomes:
        if name != best:
            out["product_against"][name] = {
                "test": compared(model, tests[best], tests[name], test.truth, test.narratives),
                "within": compared(model, withins[best], withins[name], corpus.truth, corpus.narratives),
            }
    return out


def main() -> None:
    """Measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--test", type=Path, default=ROOT / "../shared/gold-dev.jsonl", help="labelled JSON lines")
    parser.add_argument("--untuned", type=Path, required=True, help="folder of the encoder before tuning")
    parser.add_argument("--encoder", type=Path, default=ROOT / "models/encoder", help="folder of the tuned encoder")
    parser.add_argument("--share", type=float, default=1.0, help="share of the corpus, for trying out: docs stay")
    parser.add_argument("--only", nargs="+", metavar="ROUTE", help="these routes alone, for trying out: docs stay")
    parser.add_argument("--spacy-epochs", type=int, default=10)
    parser.add_argument("--setfit-steps", type=int, default=500)
    parser.add_argument("--afresh", action="store_true", help="measure again what is kept of an earlier run")
    options = parser.parse_args()
    frameworks = shipped_frameworks()
    corpus, test = pools(frameworks, options.test, options.share)
    print(f"{len(corpus.sentences)} sentences to learn, {len(test.sentences)} to test, {len(corpus.labels)} labels")
    marks = [*corpus.keys, *test.keys, *corpus.labels, corpus.truth.tobytes().hex()]
    outcomes = {}
    for route in routes(frameworks, options):
        about = [*marks, route.settings, route.encoder.encoder.sha256 if route.encoder else ""]
        digest = hashlib.sha256("\0".join(about).encode()).hexdigest()[:16]
        path = ROOT / ".cache/quality/kept" / f"{route.name}-{digest}.npz"
        if options.afresh:
            path.unlink(missing_ok=True)
        begun = time.perf_counter()
        outcomes[route.name] = (route, kept(path, lambda r=route: measured(r, corpus, test)))
        print(f"{route.words}: {time.perf_counter() - begun:.0f} s", flush=True)
    found = result(frameworks, corpus, test, outcomes)
    found["settings"] = {
        "corpus_narratives": len(np.unique(corpus.narratives)),
        "corpus_sentences": len(corpus.sentences),
        "test_narratives": len(np.unique(test.narratives)),
        "test_sentences": len(test.sentences),
        "test_file": options.test.name,
        "labels": len(corpus.labels),
        "spacy_epochs": options.spacy_epochs,
        "setfit_steps": options.setfit_steps,
        "encoder_sha256": Encoder(options.encoder).sha256,
    }
    whole = options.share == 1 and not options.only and "product" in outcomes
    write_report(found, ROOT if whole else ROOT / ".cache/quality/trial")


if __name__ == "__main__":
    main()
