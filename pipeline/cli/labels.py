"""`leadlight labels`."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import corpus_argument, framework_option, json_option


@click.group()
def labels() -> None:
    """Check, count, exchange and compare labelled narratives."""


@labels.command()
@corpus_argument
@framework_option
@click.option(
    "--against",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A held-out file (JSON lines with text).",
)
@json_option
def check(corpus: tuple[Path, ...], frameworks: tuple[str, ...], against: tuple[Path, ...], as_json: bool) -> None:
    """Check a CORPUS: offsets, ids, labels, metadata, near-duplicates, and leakage against held-out files."""
    from pipeline.frameworks import load_frameworks
    from pipeline.labels.check import faults
    from pipeline.labels.jsonl import read_corpus
    from pipeline.storage import to_json

    chosen = load_frameworks(frameworks)
    narratives = list(read_corpus(list(corpus), chosen))
    found = list(faults(narratives, chosen, against))
    for fault in () if as_json else found:
        click.echo(fault)
    sentences = sum(len(narrative.sentences) for narrative in narratives)
    if as_json:
        click.echo(to_json({"narratives": len(narratives), "sentences": sentences, "faults": found}))
    click.echo(f"{len(narratives)} narratives, {sentences} sentences, {len(found)} faults", err=True)
    if found:
        raise click.exceptions.Exit(1)


@labels.command()
@corpus_argument
@framework_option
@json_option
def stats(corpus: tuple[Path, ...], frameworks: tuple[str, ...], as_json: bool) -> None:
    """Count a CORPUS by label, by slice, and the agreement of its annotators."""
    from pipeline.frameworks import load_frameworks
    from pipeline.labels.jsonl import read_corpus
    from pipeline.labels.stats import count
    from pipeline.storage import to_json

    chosen = load_frameworks(frameworks)
    found = count(list(read_corpus(list(corpus), chosen)), chosen)
    if as_json:
        click.echo(to_json(found))
        return
    for name, table in found.items():
        click.echo(f"{name}: {table}" if not isinstance(table, dict) else f"{name}:")
        for key, value in table.items() if isinstance(table, dict) else ():
            click.echo(f"  {key:32} {value}")


FORMATS = (
    "jsonl", "label-studio", "label-studio-min", "label-studio-config", "doccano", "prodigy", "refi-qda",
    "refi-codebook", "brat", "web-annotation", "csv",
)  # fmt: skip


@labels.command()
@corpus_argument
@framework_option
@click.option("--to", "to", type=click.Choice(FORMATS), default="jsonl", show_default=True, help="Format.")
@click.option("--predictions", type=click.Path(exists=True, path_type=Path), help="Evidence to give as predictions.")
@click.option("--only", help="Only the labels of this annotator; `decision` for what was decided.")
@click.option("-o", "--output", default="-", type=click.Path(path_type=Path), help="File (brat: folder); - for stdout.")
def export(
    corpus: tuple[Path, ...],
    frameworks: tuple[str, ...],
    to: str,
    predictions: Path | None,
    only: str | None,
    output: Path,
) -> None:
    """Export a CORPUS (or nominations without labels) with every labelling for another tool."""
    from pipeline.errors import WrongUsage
    from pipeline.frameworks import load_frameworks
    from pipeline.workflow.exchange import export_labels

    if str(output) == "-" and to in ("doccano", "refi-qda", "brat"):
        raise WrongUsage(f"{to} is written to a file or folder; name it with -o.")
    chosen = load_frameworks(frameworks)
    written = export_labels(
        corpus, chosen, to, output, predictions=predictions, only=only, note=lambda words: click.echo(words, err=True)
    )
    for path, count in written:
        click.echo(
            f"{path}: {count} {'labels' if to.endswith(('config', 'codebook')) else 'narratives'} exported.", err=True
        )


@labels.command("import")
@corpus_argument
@framework_option
@click.option("--from", "source", type=click.Choice(FORMATS), required=True, help="Format.")
@click.option("--by", default="", help="The annotator of files that name none.")
@click.option("--model", default="", help="The files hold predictions of this model, not labels of people.")
@click.option("--rename", multiple=True, help="OLD=framework/label; OLD= leaves a label out; repeatable.")
@click.option(
    "--texts", multiple=True, type=click.Path(exists=True, path_type=Path), help="Nominations with the texts."
)
@click.option("--to-sentences", is_flag=True, help="Move spans to whole sentences, as training wants them.")
@click.option("-o", "--output", default="-", type=click.Path(path_type=Path), help="File; - for stdout.")
def import_(
    corpus: tuple[Path, ...], frameworks: tuple[str, ...], source: str, by: str, model: str, rename: tuple[str, ...],
    texts: tuple[Path, ...], to_sentences: bool, output: Path,
) -> None:  # fmt: skip
    """Import the labels of another tool's files as labelled-corpus lines; a codebook (.qdc) as a framework."""
    from pipeline.frameworks import load_frameworks
    from pipeline.workflow.exchange import import_codebook, import_labels

    if source == "refi-codebook":
        for path in corpus:
            click.echo(f"Written: {', '.join(map(str, import_codebook(path, output)))}.", err=True)
        return
    renames = {old: new for old, _, new in (pair.rpartition("=") for pair in rename)}
    count = import_labels(
        corpus, load_frameworks(frameworks), source, output, by=by, model=model, renames=renames, texts=texts,
        to_sentences=to_sentences, note=lambda words: click.echo(words, err=True),
    )  # fmt: skip
    click.echo(f"{count} narratives imported.", err=True)


@labels.command()
@corpus_argument
@framework_option
@click.option("--draws", default=500, show_default=True, help="Bootstrap draws for intervals; 0 for none.")
@click.option("--seed", default=1, show_default=True, help="Seed of the draws.")
@click.option("--differ", type=click.Path(path_type=Path), help="Write the sentences to talk about here (JSON lines).")
@json_option
def agree(
    corpus: tuple[Path, ...], frameworks: tuple[str, ...], draws: int, seed: int, differ: Path | None, as_json: bool
) -> None:
    """Measure how far the annotators of a CORPUS agree, label by label."""
    from pipeline.frameworks import load_frameworks
    from pipeline.storage import to_json, write_lines
    from pipeline.wording import figure
    from pipeline.workflow.agree import agree as measure
    from pipeline.workflow.agree import to_talk_about

    chosen = load_frameworks(frameworks)
    found = measure(corpus, chosen, draws=draws, seed=seed)
    if differ:
        count = write_lines(to_talk_about(corpus, chosen), differ)
        click.echo(f"{count} sentences on which annotators differ: {differ}", err=True)
    if as_json:
        click.echo(to_json(found))
        return
    click.echo(f"{found['texts']} texts, {found['units']} sentences, annotators: {', '.join(found['annotators'])}")
    for name, row in {**found["labels"], "kinds, as one choice": found.get("kinds") or {}}.items():
        if row:
            low, high = row["alpha_interval"] or (None, None)
            kappas = f"Cohen {figure(row['cohen'])}  Fleiss {figure(row['fleiss'])}  F1 {figure(row.get('f1'))}"
            click.echo(f"  {name:32} alpha {figure(row['alpha'])} [{figure(low)} {figure(high)}]  {kappas}")


@labels.command()
@corpus_argument
@framework_option
@click.option("--decisions", type=click.Path(exists=True, path_type=Path), help="A worksheet filled in: take it back.")
@click.option("--by", default="", help="Who decided.")
@click.option("--again", is_flag=True, help="List what is decided, too.")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Worksheet (.xlsx, .csv) or corpus."
)
def adjudicate(
    corpus: tuple[Path, ...], frameworks: tuple[str, ...], decisions: Path | None, by: str, again: bool, output: Path
) -> None:
    """Make a worksheet of what the annotators of a CORPUS differ on, or take its decisions back."""
    from pipeline.frameworks import load_frameworks
    from pipeline.workflow.adjudicate import take_back, worksheet

    chosen = load_frameworks(frameworks)
    if decisions is None:
        click.echo(f"{worksheet(corpus, chosen, output, again=again)} sentences to decide: {output}", err=True)
        return
    taken, still = take_back(corpus, chosen, decisions, output, by=by)
    click.echo(f"{taken} decisions taken, {still} sentences still open: {output}", err=True)
