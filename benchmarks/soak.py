"""Long runs by hand (`make soak`): mutated files through ingest, kills during tag, and size; writes docs/soak.md.

Fuzz: every seed mutates a file of one of the formats (bytes flipped, cut, doubled, members of packed files lost);
ingest must end without a traceback, with exit code 0 or 2; kept + rejected = read. Kill: tag is killed; the
evidence file must be absent or whole. Size: nominations made of the samples' sentences, every one distinct, tagged by
one process: seconds and peak memory.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "data" / "samples"
COMMAND = [sys.executable, "-m", "pipeline"]


def leadlight(*arguments: object, timeout: float = 20) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", errors="replace", timeout=timeout)


def mutated(content: bytes, suffix: str, rng: random.Random) -> bytes:
    """A damaged copy of a file's bytes; packed files are sometimes damaged inside, so that they still open."""
    if suffix in (".xlsx", ".docx", ".ods", ".odt", ".zip") and content[:2] == b"PK" and rng.random() < 0.7:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            names = source.namelist()
            victim = rng.choice(names)
            for name in names:
                inner = source.read(name)
                if name != victim:
                    target.writestr(name, inner)
                elif rng.random() < 0.8:
                    target.writestr(name, mutated(inner, ".xml", rng))
        return out.getvalue()
    data = bytearray(content)
    for _ in range(rng.choice((1, 3, 20, 200))):
        if not data:
            break
        at = rng.randrange(len(data))
        match rng.randrange(5):
            case 0:
                data[at] = rng.randrange(256)
            case 1:
                del data[at : at + rng.randrange(1, 200)]
            case 2:
                data[at:at] = data[at : at + rng.randrange(1, 300)]
            case 3:
                data[at:at] = rng.choice((b'"', b"\x00", b"\r\n", b",,,,", b"\xff\xfe", b"</w:p>", b"&#0;", b"=cmd()"))
            case _:
                data = data[: max(1, at)] if rng.random() < 0.1 else data
    return bytes(data)


def seeds(folder: Path) -> list[Path]:
    """One file of each format, made from the samples."""
    nominations = folder / "seed.jsonl"
    leadlight("ingest", SAMPLES / "awards-2026.xlsx", "-o", nominations)
    rows = [json.loads(line) for line in nominations.read_text(encoding="utf-8").rstrip("\n").split("\n")]
    import csv

    import pandas as pd

    frame = pd.DataFrame(
        [{"Entry ID": r["id"], "Nominee": r["nominee"], "Why should they win?": r["text"]} for r in rows]
    )
    frame.to_csv(folder / "seed.csv", index=False, quoting=csv.QUOTE_ALL)
    frame.to_csv(folder / "seed.tsv", index=False, sep="\t")
    frame.to_parquet(folder / "seed.parquet", index=False)
    for name, source in (
        ("seed.xlsx", "awards-2026.xlsx"),
        ("seed.docx", "letters/letter-1.docx"),
        ("seed.txt", "letters/letter-5.txt"),
    ):
        (folder / name).write_bytes((SAMPLES / source).read_bytes())
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "code")]
    from test_hostile import samples  # the tests' small file of each format

    return [*sorted(path for path in folder.glob("seed.*") if ".rejects" not in path.name), *samples(folder)]


def fuzz(count: int, first_seed: int) -> dict[str, object]:
    """Ingest `count` mutated files, in this process for speed; a failure carries its seed."""
    from click.testing import CliRunner

    from pipeline.cli import main as command

    failures, codes, slowest = [], {0: 0, 1: 0, 2: 0}, 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = seeds(folder)
        for seed in range(first_seed, first_seed + count):
            rng = random.Random(seed)  # noqa: S311 - mutations, not secrets
            source = rng.choice(files)
            damaged = folder / f"damaged{source.suffix}"
            damaged.write_bytes(mutated(source.read_bytes(), source.suffix, rng))
            begun = time.perf_counter()
            done = CliRunner().invoke(command, ["ingest", str(damaged), "-o", str(folder / "out.jsonl"), "--json"])
            slowest = max(slowest, time.perf_counter() - begun)
            if done.exception is not None and not isinstance(done.exception, SystemExit):
                failures.append(f"seed {seed} ({source.name}): {done.exception!r}")
                continue
            codes[done.exit_code] = codes.get(done.exit_code, 0) + 1
            if done.exit_code == 0:
                summary = json.loads(done.stdout.split("\n")[0])
                kept = sum(1 for _ in (folder / "out.jsonl").open(encoding="utf-8", newline="\n"))
                if summary["read"] != summary["kept"] + summary["rejected"] or kept != summary["kept"]:
                    failures.append(f"seed {seed} ({source.name}): {summary['read']} read, {kept} in the file")
    return {
        "files": count,
        "first seed": first_seed,
        "exit codes": codes,
        "slowest s": round(slowest, 2),
        "failures": failures,
    }


def kills(count: int, first_seed: int) -> dict[str, object]:
    """Kill `tag` at random moments; the evidence file must never be half written."""
    failures, whole = [], 0
    with tempfile.TemporaryDirectory() as name:
        nominations, evidence = Path(name) / "n.jsonl", Path(name) / "e.jsonl"
        leadlight("ingest", SAMPLES / "awards-2026.xlsx", "-o", nominations)
        leadlight("tag", nominations, "-o", evidence, timeout=120)
        reference = evidence.read_bytes()
        for seed in range(first_seed, first_seed + count):
            evidence.unlink(missing_ok=True)
            process = subprocess.Popen(
                [*COMMAND, "tag", str(nominations), "-o", str(evidence)], cwd=ROOT, stderr=subprocess.DEVNULL
            )
            time.sleep(random.Random(seed).uniform(0.2, 3.5))  # noqa: S311
            process.kill()
            process.wait()
            if evidence.exists():
                whole += 1
                if evidence.read_bytes() != reference:
                    failures.append(f"seed {seed}: a damaged evidence file")
    return {"kills": count, "first seed": first_seed, "finished before": whole, "failures": failures}


def size(count: int, seed: int) -> dict[str, object]:
    """Tag `count` nominations of distinct sentences by one process."""
    rng = random.Random(seed)  # noqa: S311
    with tempfile.TemporaryDirectory() as name:
        nominations, evidence = Path(name) / "n.jsonl", Path(name) / "e.jsonl"
        leadlight("ingest", SAMPLES / "awards-2026.xlsx", "-o", nominations)
        texts = [json.loads(line)["text"] for line in nominations.read_text(encoding="utf-8").rstrip("\n").split("\n")]
        sentences = [s for text in texts for s in text.split(". ") if 5 < len(s.split()) < 40]
        with nominations.open("w", encoding="utf-8") as stream:
            for number in range(count):
                body = ". ".join(f"{rng.choice(sentences)} ({number}-{i})" for i in range(10))
                stream.write(json.dumps({"id": str(number), "text": body + "."}) + "\n")
        begun = time.perf_counter()
        subprocess.run(
            [*COMMAND, "tag", str(nominations), "-o", str(evidence)], cwd=ROOT, check=True, stderr=subprocess.DEVNULL
        )
        took = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"nominations": count, "seed": seed, "seconds": round(took, 1), "peak MB": round(peak)}


def main() -> None:
    """Run all three and write docs/soak.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--sizes", type=int, nargs="*", default=[200, 1_000, 4_000])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    results: list[tuple[str, dict[str, object]]] = [
        ("fuzz", fuzz(options.files, options.seed)),
        ("kill", kills(options.kills, options.seed)),
    ]
    results += [("size", size(count, options.seed)) for count in options.sizes]
    lines = [
        "# Long runs",
        "",
        f"`make soak`, {time.strftime('%Y-%m-%d')}, Python {sys.version.split()[0]}, {sys.platform}.",
        "",
    ]
    lines += [f"- {what}: " + "; ".join(f"{key} {value}" for key, value in result.items()) for what, result in results]
    (ROOT / "docs" / "soak.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    if any(result.get("failures") for _, result in results):
        sys.exit(1)


if __name__ == "__main__":
    main()
