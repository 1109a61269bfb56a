"""`leadlight demo`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", default="leadlight-demo", type=click.Path(path_type=Path))
def demo(folder: Path) -> None:
    """Do the whole main job on the packaged samples and write everything to FOLDER; prints the pack's first page."""
    from pipeline.evidence_lines import read_evidence
    from pipeline.model import find_model, read_metrics
    from pipeline.nominations import read_nominations
    from pipeline.read import Mapping, ingest_files
    from pipeline.report import figures_of, write_pack
    from pipeline.resources import shipped
    from pipeline.storage import write_lines
    from pipeline.workflow import Tagger

    samples = shipped("data/samples")
    sources = [str(samples / "awards-2026.xlsx"), str(samples / "letters")]
    nominations, evidence = folder / "nominations.jsonl", folder / "evidence.jsonl"
    click.echo(ingest_files(sources, Mapping(), nominations).line(), err=True)
    model = find_model(None)
    tagger = Tagger.load(model)
    write_lines(tagger.all(read_nominations(nominations)), evidence)
    classifier = tagger.classifier
    figures = figures_of(classifier.manifest, read_metrics(model), classifier.frameworks)
    index = write_pack(read_evidence(evidence), classifier.frameworks, folder / "pack", figures=figures)
    click.echo(f"Open this page in a browser: {index.resolve()}", err=True)
    click.echo(index)
