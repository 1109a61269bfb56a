"""Hostile and damaged files of every format: no traceback, no hang, bounded memory, nothing lost."""

import io
import json
import random
import resource
import subprocess
import sys
import time
import zipfile

import pytest
from click.testing import CliRunner
from ingesting import HEADER, LONG, OTHER, xlsx_file
from test_formats import form_docx, message, odf_file, ods_row, p, pdf_file, zip_of

from benchmarks.soak import mutated
from pipeline.cli import main
from tests.conftest import ROOT

HEAD = '<?xml version="1.0"?>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
)


def changed(path, member, content):
    """A packed file with one member replaced."""
    held = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    return zip_of(path, **{name: content if name == member else held.read(name) for name in held.namelist()})


def sheet(rows):
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{HEAD}<worksheet xmlns="{name}"><sheetData>{rows}</sheetData></worksheet>'


def hostile(kind, folder):  # noqa: C901 - a case a file
    book = xlsx_file(folder, HEADER, ("1", "Ann", "Self", LONG))
    letter = form_docx(folder / "a.docx", ("Nominee", "Ann"))
    word = '<w:document xmlns:w="w"><w:body>{}</w:body></w:document>'
    match kind:
        case "wide.csv":
            (folder / kind).write_bytes(b"a," * 10_000_000)
        case "wide.xlsx":
            changed(book, "xl/worksheets/sheet1.xml", sheet("<row>" + "<c/>" * 2_000_000 + "</row>"))
            book.rename(folder / kind)
        case "far.xlsx":
            changed(
                book, "xl/worksheets/sheet1.xml", sheet('<row><c r="ZZZZ1" t="inlineStr"><is><t>a</t></is></c></row>')
            )
            book.rename(folder / kind)
        case "wide.ods":
            cell = "<table:table-cell table:number-columns-repeated='10000000'><text:p>a</text:p></table:table-cell>"
            odf_file(
                folder / kind, f"<table:table><table:table-row>{cell}</table:table-row></table:table>", "spreadsheet"
            )
        case "long.ods":
            row = ods_row(p(LONG), attributes="table:number-rows-repeated='1000000000'")
            odf_file(folder / kind, f"<table:table>{row}</table:table>", "spreadsheet")
        case "deep.docx":
            changed(letter, "word/document.xml", word.format("<w:p>" * 300_000 + "</w:p>" * 300_000))
            letter.rename(folder / kind)
        case "many.docx":
            changed(letter, "word/document.xml", word.format("<w:p/>" * 7_000_000))
            letter.rename(folder / kind)
        case "laughs.docx":
            changed(letter, "word/document.xml", LAUGHS)
            letter.rename(folder / kind)
        case "laughs.odt":
            zip_of(folder / kind, **{"content.xml": LAUGHS})
        case "deep.odt":
            odf_file(folder / kind, "<text:span>" * 300_000 + "</text:span>" * 300_000, "text")
        case "bomb.zip":
            zip_of(folder / kind, **{"a.csv": b"a,b\n" * 51_000_000})
        case "nested.zip":
            data = LONG.encode()
            for _ in range(9):
                data = zip_of(folder / "inner", **{"a.zip": data})
            (folder / kind).write_bytes(data)
        case "deep.rtf":
            (folder / kind).write_bytes(b"{\\rtf1 " + b"{" * 300_000 + b"a" + b"}" * 300_001)
        case "deep.jsonl":
            (folder / kind).write_bytes(b'{"id":' * 200_000)
        case "pages.pdf":
            kids = b"4 0 R " * 50_000
            (folder / kind).write_bytes(
                b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 9999999/Kids["
                + kids + b"]>>endobj\n4 0 obj<</Type/Page/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
            )  # fmt: skip
        case "parts.eml":
            inner = b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 3_000
            (folder / kind).write_bytes(
                b"From: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + inner
            )
    return folder / kind


HOSTILE = (
    "wide.csv", "wide.xlsx", "far.xlsx", "wide.ods", "long.ods", "deep.docx", "many.docx", "laughs.docx", "laughs.odt",
    "deep.odt", "bomb.zip", "nested.zip", "deep.rtf", "deep.jsonl", "pages.pdf", "parts.eml",
)  # fmt: skip

CAPPED = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30)); "
    "from pipeline.cli import main; main(sys.argv[1:])"
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_ends_soon_in_a_sentence(kind, tmp_path):
    path = hostile(kind, tmp_path)
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CAPPED, "ingest", path, "-o", tmp_path / "o.jsonl"],
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    took = time.perf_counter() - begun
    assert "Traceback" not in done.stderr, done.stderr[-600:]
    assert done.returncode in (0, 2), (done.returncode, done.stderr[-300:])
    assert done.stderr.strip()
    assert took < 20, took
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2 << 20


def samples(folder):
    """A small file of each format."""
    import xlwt

    xlsx_file(folder, HEADER, ("1", "Ann", "Self", LONG), ("2", "Bea", "Self", OTHER), name="s.xlsx")
    form_docx(folder / "s.docx", ("Nominee", "Ann"), ("Why should they win?", LONG))
    pdf_file(folder / "s.pdf", "Dear judges,", LONG, OTHER)
    rows = f"<table:table table:name='E'>{ods_row(p('Nominee'), p('Text'))}{ods_row(p('Ann'), p(LONG))}</table:table>"
    odf_file(folder / "s.ods", rows, "spreadsheet")
    odf_file(folder / "s.odt", p("Nominee: Ann") + p("Why should they win?") + p(LONG), "text")
    (folder / "s.rtf").write_bytes(b"{\\rtf1\\ansi Dear \\'e9 \\u8211? judges\\par " + LONG.encode() + b"\\par}")
    (folder / "s.eml").write_bytes(message(LONG, form_docx=(folder / "s.docx").read_bytes()))
    (folder / "s.csv").write_text(f'Ref,Nominee,Text\n1,Ann,"{LONG}"\n2,Bea,"{OTHER}"\n')
    (folder / "s.jsonl").write_text(json.dumps({"id": "1", "text": LONG}) + "\n")
    (folder / "s.txt").write_text(f"Nominee: Ann\nCategory: Teams\nWhy should they win?\n{LONG}\n")
    zip_of(folder / "s.zip", **{"a.txt": LONG, "b.csv": f"Ref,Text\n1,{OTHER}\n"})
    book = xlwt.Workbook()
    page = book.add_sheet("E")
    for place, row in enumerate((HEADER, ("1", "Ann", "Self", LONG))):
        for column, value in enumerate(row):
            page.write(place, column, value)
    book.save(str(folder / "s.xls"))
    return sorted(folder.glob("s.*"))


def test_damaged_files_of_every_format_lose_nothing(tmp_path):
    files = samples(tmp_path)
    assert len(files) == 12
    for seed in range(240):
        rng = random.Random(seed)  # noqa: S311 - mutations, not secrets
        source = files[seed % len(files)]
        damaged = tmp_path / f"damaged{source.suffix}"
        damaged.write_bytes(mutated(source.read_bytes(), source.suffix, rng))
        done = CliRunner().invoke(main, ["ingest", str(damaged), "-o", str(tmp_path / "o.jsonl"), "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), (seed, source.name, done.exc_info)
        assert done.exit_code in (0, 2), (seed, source.name, done.output)
        if done.exit_code == 0:
            summary = json.loads(done.stdout)
            kept = (tmp_path / "o.jsonl").read_text(encoding="utf-8").count("\n")
            assert summary["read"] == summary["kept"] + summary["rejected"], seed
            assert kept == summary["kept"], seed
