"""The model: stable vectors, exact contributions, saved as data, refused when changed."""

import json
import shutil

import numpy as np
import pytest

from pipeline.encoder import Encoder
from pipeline.errors import UnusableModel
from pipeline.features import EMBEDDING_SCALE
from pipeline.model import find_model, load_model, save_model
from pipeline.model.context import in_context
from pipeline.records import Nomination

TEXTS = [
    "She rang the GP every day.",
    "A kind man.",
    "Falls dropped by half.",
    "He set up a forum for the homes and the council.",
]


def test_a_vector_does_not_depend_on_what_is_encoded_with_it():
    encoder = Encoder()
    alone = [Encoder().encode(text).vector for text in TEXTS]
    together = encoder.vectors(TEXTS[::-1])[::-1]
    for one, other in zip(alone, together, strict=True):
        assert one.tobytes() == other.tobytes()


def test_the_shares_of_the_pieces_add_up():
    encoding = Encoder().encode(TEXTS[0])
    assert np.allclose(encoding.shares.sum(axis=0), encoding.vector, atol=1e-5)
    assert abs(float(np.linalg.norm(encoding.vector)) - 1) < 1e-5


def test_contributions_are_exact(tagger):
    (sentence,) = tagger.parser.sentences(Nomination(id="1", text=TEXTS[3]))
    scored = tagger.classifier.score(sentence, tagger.encoder)
    column = tagger.classifier.labels.index("lqf/networks")
    own = scored.values @ tagger.classifier.ngram_weights[scored.columns]
    own += EMBEDDING_SCALE * (scored.encoding.shares @ tagger.classifier.embedding_weights).sum(axis=0)
    own += tagger.classifier.bias
    context = in_context(own[None])[0]
    whole = float(context @ tagger.classifier.context_weights[:, column] + tagger.classifier.context_bias[column])
    chance = 1 / (1 + np.exp(-(whole * tagger.classifier.slope[column] + tagger.classifier.shift[column])))
    assert abs(chance - float(scored.scores[column])) < 1e-4


def test_parents_are_never_less_likely_than_their_children(tagger):
    row = tagger.evidence(Nomination(id="1", text=" ".join(TEXTS)))
    for sentence in row["sentences"]:
        for label, score in sentence["scores"].items():
            if parent := tagger.classifier.frameworks.parent_of(label):
                assert sentence["scores"][parent] >= score
        tags = {tag["label"] for tag in sentence["tags"]}
        assert {tagger.classifier.frameworks.parent_of(tag) for tag in tags} - {None} <= tags
        assert abs(sum(v for k, v in sentence["scores"].items() if k.startswith("kind/")) - 1) < 1e-3


def test_save_and_load_give_the_same_bytes(tmp_path):
    model = load_model(find_model(None))
    extra = {
        name: (find_model(None) / name).read_text(encoding="utf-8")
        for name in ("metrics.json", "README.md", "calibration.svg", "narratives.txt")
    }
    save_model(model, tmp_path / "again", extra)
    for path in sorted(p for p in find_model(None).rglob("*") if p.is_file()):
        assert (tmp_path / "again" / path.relative_to(find_model(None))).read_bytes() == path.read_bytes(), path


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda folder: (folder / "arrays.npz").write_bytes(b"PK no"), "was changed"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "cannot be read"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "no Leadlight model"),
        (lambda folder: (folder / "features.txt").unlink(), "cannot be read"),
        (lambda folder: _edit(folder, format=2), "format 2"),
        (lambda folder: _edit(folder, sha256={"../x": "0"}), "outside it"),
    ],
)
def test_a_changed_model_is_refused(tmp_path, leadlight, harm, message):
    folder = tmp_path / "model"
    shutil.copytree(find_model(None), folder)
    harm(folder)
    with pytest.raises(UnusableModel, match=message):
        load_model(folder)


def test_a_model_of_another_encoder_is_refused(tmp_path):
    from pipeline.workflow import Tagger

    folder = tmp_path / "model"
    shutil.copytree(find_model(None), folder)
    _edit(folder, encoder_sha256="0")
    with pytest.raises(UnusableModel, match="another sentence encoder"):
        Tagger.load(folder)


def _edit(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_training_twice_gives_the_same_bytes(tmp_path, leadlight, corpus):
    from pipeline.frameworks import shipped_frameworks
    from pipeline.labels.jsonl import to_row
    from pipeline.storage import write_lines

    write_lines((to_row(narrative, shipped_frameworks()) for narrative in corpus[:24]), tmp_path / "c.jsonl")
    for name in ("one", "two"):
        done = leadlight("train", tmp_path / "c.jsonl", "-o", tmp_path / name / "m", "--folds", "3", "--jobs", "1")
        assert done.returncode == 0, done.stderr
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert len(files) > 5
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file
