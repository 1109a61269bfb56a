"""Bad input of every kind people send: the exact outcome, a plain reason, never a traceback."""

import io
import json
import zipfile

import pytest
from ingesting import HEADER, LONG, OTHER, csv_file, ingest, xlsx_file
from openpyxl import Workbook, load_workbook


def row(number, text=LONG, nominee="Ann Ode"):
    return f'{number},{nominee},Manager,"{text}"'


def text_of(*texts):
    return [f"{number},Ann Ode,Manager,{text}" for number, text in enumerate(texts, 1)]


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return path


UNREADABLE = {
    "empty file": ("a.csv", b"", "is empty"),
    "only a byte order mark": ("a.csv", b"\xef\xbb\xbf", "holds no rows"),
    "only blank lines": ("a.csv", b"\r\n \r\n\r\n", "holds no rows"),
    "only a header": ("a.csv", ",".join(HEADER).encode(), "has a header and no rows"),
    "no text column": ("a.csv", b"Entry ID,Nominee,County\n1,Ann Ode,Kent\n", "Use --map text="),
    "a ZIP renamed .xlsx": ("a.xlsx", None, "no Excel workbook"),
    "a text renamed .xlsx": ("a.xlsx", b"Entry ID,Nominee\n", "no Excel workbook or is damaged"),
    "an encrypted workbook": ("a.xlsx", None, "locked with a password"),
    "an old workbook renamed .xlsx": ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "old format"),
    "a workbook renamed .csv": ("a.csv", None, "is a ZIP package"),
    "a corrupted Word file": ("a.docx", b"PK\x03\x04" + b"rubbish" * 90, "no Word document or is damaged"),
    "a ZIP renamed .docx": ("a.docx", None, "no Word document"),
    "an empty text file": ("a.txt", b"", "is empty"),
    "a picture named .txt": ("a.txt", b"\x89PNG\r\n\x1a\n\0\0", "is a picture"),
    "binary data named .csv": ("a.csv", bytes(range(32)) * 90, "binary data"),
    "undefined bytes": ("a.csv", b"Entry ID,Text\n1,caf\x81\x8d said\n", "not text in UTF-8"),
    "a broken Parquet file": ("a.parquet", b"PAR1 no", "no Parquet file"),
    "a PDF": ("a.pdf", b"%PDF-1.7", "is no PDF or is damaged"),
    "an old Word file": ("a.doc", b"\xd0\xcf\x11\xe0", "save it as .docx"),
    "an unknown kind": ("a.xyz", b"hello", "unknown kind of file (.xyz)"),
    "no name ending": ("letter", b"hello", "unknown kind of file (no ending)"),
}


def content_of(kind, tmp_path):
    if kind.startswith("a ZIP renamed"):
        return zipped(tmp_path / "z", hello_DOT_txt="hello").read_bytes()
    if kind == "an encrypted workbook":
        return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99
    return xlsx_file(tmp_path, HEADER, name="book.xlsx").read_bytes()


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_file_that_cannot_be_read_ends_with_2_and_a_reason(kind, tmp_path):
    name, content, words = UNREADABLE[kind]
    (tmp_path / name).write_bytes(content_of(kind, tmp_path) if content is None else content)
    done = ingest(tmp_path, tmp_path / name)
    assert done.counts == (2, 0, 0)
    assert words in done.stderr
    assert name in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("kind", UNREADABLE)
def test_beside_a_good_file_it_is_one_rejection(kind, tmp_path):
    name, content, words = UNREADABLE[kind]
    (tmp_path / name).write_bytes(content_of(kind, tmp_path) if content is None else content)
    good = csv_file(tmp_path, row(1), name="good.csv")
    done = ingest(tmp_path, tmp_path / name, good)
    assert done.counts == (0, 1, 1)
    assert words in done.reasons
    assert done.rejected[0]["file"] == name
    assert "row" not in done.rejected[0]


def test_a_missing_file(tmp_path):
    done = ingest(tmp_path, tmp_path / "nosuch.csv")
    assert done.counts == (2, 0, 0)
    assert "does not exist" in done.stderr
    done = ingest(tmp_path, tmp_path / "nosuch.csv", csv_file(tmp_path, row(1)))
    assert done.counts == (0, 1, 1)


def test_a_folder_with_nothing(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / ".hidden").write_text("x")
    (tmp_path / "in" / "~$letter.docx").write_text("x")
    done = ingest(tmp_path, tmp_path / "in")
    assert done.counts == (2, 0, 0)
    assert "folder without any files" in done.stderr


def test_a_folder_goes_on_after_bad_files(tmp_path):
    folder = tmp_path / "in"
    (folder / "deeper").mkdir(parents=True)
    (folder / "a.docx").write_bytes(b"PK\x03\x04broken")
    (folder / "b.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "deeper" / "c.txt").write_text(LONG, encoding="utf-8")
    (folder / "d.txt").write_text("  \n", encoding="utf-8")
    done = ingest(tmp_path, folder)
    assert done.counts == (0, 1, 3)
    assert done.kept[0]["source"] == {"file": "in/deeper/c.txt"}
    assert [r["file"] for r in done.rejected] == ["in/a.docx", "in/b.jpg", "in/d.txt"]
    assert done.rejected[2]["reason"] == "no text"


def test_no_source_and_no_such_option(tmp_path):
    assert ingest(tmp_path).code == 2
    assert ingest(tmp_path, csv_file(tmp_path, row(1)), "--nosuch").code == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-16-le", "utf-16-be"])
def test_other_encodings_are_read(encoding, tmp_path):
    text = LONG + " “Café” £5"
    done = ingest(tmp_path, csv_file(tmp_path, row(1, text), encoding=encoding))
    assert done.counts == (0, 1, 0)
    assert done.texts == [text]


def test_a_file_that_mixes_encodings(tmp_path):
    path = csv_file(tmp_path)
    path.write_bytes(path.read_bytes() + row(1, "Zoë " + LONG).encode() + b"\n" + row(2, "Renée").encode("cp1252"))
    done = ingest(tmp_path, path)
    assert done.counts == (0, 2, 0)
    assert done.texts == ["Zoë " + LONG, "Renée"]


def test_damaged_utf_16(tmp_path):
    path = csv_file(tmp_path, row(1), encoding="utf-16")
    path.write_bytes(path.read_bytes()[:-1])
    done = ingest(tmp_path, path)
    assert done.counts == (2, 0, 0)
    assert "damaged UTF-16" in done.stderr


def test_nul_bytes_reject_their_row(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, row(1), row(2, f"{LONG}\0{LONG}"), row(3, OTHER)))
    assert done.counts == (0, 2, 1)
    assert "NUL" in done.reasons
    assert done.rejected[0]["row"] == 3


def test_control_characters_reject_their_row(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, *(row(n) for n in range(9)), row(10, "\x01\x02 abc \x03")))
    assert done.counts[2] == 1
    assert "control characters" in done.reasons


def test_a_cell_of_two_megabytes(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, row(1, "word " * 400_000), row(2)))
    assert done.counts == (0, 1, 1)
    assert "2,000,000 characters; the limit is 1,000,000" in done.reasons


def test_a_cell_of_nearly_a_million_characters_is_kept(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, row(1, "word " * 199_999)))
    assert done.counts == (0, 1, 0)
    assert done.texts == ["word " * 199_999]


def test_duplicate_ids(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, row(7), row(7), row(7, OTHER), row("7-2", "Third text")))
    assert done.counts == (0, 3, 1)
    assert [r["id"] for r in done.kept] == ["7", "7-2", "7-2-2"]
    assert done.rejected[0]["row"] == 3
    assert done.rejected[0]["reason"] == "same id and text as row 2 of entries.csv"
    assert "2 warnings" in done.stderr


def test_the_same_nomination_twice_without_an_id(tmp_path):
    lines = (f"Ann,{LONG}", f"Bea,{LONG}", f"Ann,{LONG}")
    done = ingest(
        tmp_path, csv_file(tmp_path, *(line.replace(", and", " and") for line in lines), header=("Nominee", "Text"))
    )
    assert done.counts == (0, 2, 1)
    assert done.rejected[0]["reason"] == "same nominee and text as row 2 of entries.csv"


def test_the_same_file_twice(tmp_path):
    path = csv_file(tmp_path, row(1))
    done = ingest(tmp_path, path, path)
    assert done.counts == (0, 1, 1)
    assert "same id and text" in done.reasons


def test_rows_longer_and_shorter_than_the_header(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, row(1) + ",more,,again", "2,Bea", row(3, OTHER)))
    assert done.counts == (0, 2, 1)
    assert done.kept[0]["extra"] == {"column 5": "more", "column 7": "again"}
    assert "2 of 4 cells" in done.reasons
    assert "more cells than the header" in done.stderr


def test_blank_rows_are_no_rows(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, "", row(1), ",,,", "", row(2, OTHER)))
    assert done.counts == (0, 2, 0)
    assert [r["source"]["row"] for r in done.kept] == [3, 6]


def test_an_unquoted_line_break(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, "1,Ann,Manager,She is kind", "and patient", row(2), row(3, OTHER)))
    assert done.counts == (0, 3, 1)
    assert done.rejected[0]["row"] == 3
    assert "stray line break" in done.reasons
    assert done.rejected[0]["content"] == {"Entry ID": "and patient"}


def test_a_lone_quotation_mark_swallows_nothing(tmp_path):
    done = ingest(
        tmp_path, csv_file(tmp_path, row(1), '2,Bea,Manager,"She is kind', row(3, OTHER), "4,Cy,Manager,Good")
    )
    assert done.counts == (0, 4, 0)
    assert done.texts == [LONG, '"She is kind', OTHER, "Good"]


def test_a_lone_quotation_mark_in_the_last_row(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, row(1), '2,Bea,Manager,"She is kind'))
    assert done.texts == [LONG, '"She is kind']


def test_a_lone_quotation_mark_in_every_row_stays_fast(tmp_path):
    lines = [f'{number},Ann,Manager,"She is kind {number}' for number in range(3000)]
    done = ingest(tmp_path, csv_file(tmp_path, *lines))
    assert done.counts == (0, 3000, 0)
    assert done.texts[2999] == '"She is kind 2999'


def test_quotation_marks_not_doubled(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, '1,Ann,Manager,"She said "no", loudly"', row(2)))
    assert done.counts == (0, 2, 0)
    assert done.kept[0]["text"].startswith('She said "no')


def test_a_repeated_header(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, row(1), ",".join(HEADER), row(2, OTHER)))
    assert done.counts == (0, 2, 1)
    assert done.reasons == "repeats the header"


def test_half_a_character_in_json(tmp_path):
    (tmp_path / "n.jsonl").write_text(
        '{"id":"1","text":"a \\ud800 b"}\n{"id":"2","text":"fine","nominee":"\\udc00x"}\n'
    )
    done = ingest(tmp_path, tmp_path / "n.jsonl")
    assert done.counts == (0, 1, 1)
    assert "half a character" in done.reasons
    assert done.kept[0]["nominee"] == "\ufffdx"


JSON_LINES = {
    "broken": ('{"id": "2", "text": ', "not a line of JSON"),
    "no text": ('{"id": "2"}', "no text"),
    "null text": ('{"id": "2", "text": null}', "no text"),
    "blank text": ('{"id": "2", "text": " \\n "}', "no text"),
    "text a number": ('{"id": "2", "text": 5}', "the text is a number, not a string"),
    "text a list": ('{"id": "2", "text": ["a"]}', "the text is a list, not a string"),
    "a list": ('["2", "text"]', "a JSON object was expected, not a list"),
    "a string": ('"text"', "a JSON object was expected, not a string"),
    "an id that is an object": ('{"id": {}, "text": "a"}', "the id is an object"),
    "nested too deep": ("[" * 100_000, "not a line of JSON"),
    "a number too long": ('{"id": ' + "1" * 5000 + "}", "not a line of JSON"),
}


@pytest.mark.parametrize("kind", JSON_LINES)
def test_a_bad_line_of_json_is_rejected_and_the_rest_kept(kind, tmp_path):
    line, words = JSON_LINES[kind]
    (tmp_path / "n.jsonl").write_text(f'{{"id":"1","text":"one"}}\n{line}\n\n{{"id":3,"text":"three"}}\n')
    done = ingest(tmp_path, tmp_path / "n.jsonl")
    assert done.counts == (0, 2, 1)
    assert words in done.reasons
    assert done.rejected[0]["row"] == 2
    assert [r["id"] for r in done.kept] == ["1", "3"]
    assert ingest(tmp_path, tmp_path / "n.jsonl", "--strict").counts == (1, 2, 1)


def test_nothing_kept_ends_with_2_and_says_why(tmp_path):
    (tmp_path / "n.jsonl").write_text('{"id":"1"}\n{"id":"2"}\n')
    done = ingest(tmp_path, tmp_path / "n.jsonl")
    assert done.counts == (2, 0, 2)
    assert "2 read, none kept" in done.stderr


def test_two_header_rows(tmp_path):
    rows = (
        ("Nominations 2026", None, None, None, None, None),
        ("Ref", "Nominee", None, "Nominator", None, "Supporting statement"),
        (None, "First name", "Surname", "Name", "Relationship", None),
        ("A1", "Ann", "Ode", "Bo Day", "Daughter", LONG),
        ("A2", "Cy", "Fox", "Di Gee", "Colleague", OTHER),
    )
    for merge in ((), ("A1:F1", "A2:A3", "B2:C2", "D2:E2", "F2:F3")):
        done = ingest(tmp_path, xlsx_file(tmp_path, *rows, merge=merge))
        assert done.counts == (0, 2, 0)
        first = done.kept[0]
        assert (first["id"], first["nominee"], first["nominator"]) == ("A1", "Ann Ode", "family")
        assert first["source"]["row"] == 4
        assert first["extra"] == {"Nominator: Name": "Bo Day", "Nominator: Relationship": "Daughter"}
        assert first["sections"][0]["question"] == "Supporting statement"


def test_merged_cells(tmp_path):
    rows = ((*HEADER, "Category"), ("1", "Ann", "Manager", LONG, "Teams"), ("2", "Bea", "Manager", OTHER, None))
    done = ingest(tmp_path, xlsx_file(tmp_path, *rows, merge=("E2:E3",)))
    assert done.counts == (0, 2, 0)
    assert [r["category"] for r in done.kept] == ["Teams", "Teams"]


def test_text_merged_over_rows_is_not_repeated(tmp_path):
    rows = (HEADER, ("1", "Ann", "Manager", LONG), ("2", "Bea", "Manager", None))
    done = ingest(tmp_path, xlsx_file(tmp_path, *rows, merge=("D2:D3",)))
    assert done.counts == (0, 1, 1)


def test_formulas_without_stored_results(tmp_path):
    done = ingest(tmp_path, xlsx_file(tmp_path, HEADER, ("1", "Ann", "Self", '=A2&"x"'), ("2", "Bea", "Self", LONG)))
    assert done.counts == (0, 1, 1)
    assert "formula without a stored result" in done.reasons
    assert (done.rejected[0]["sheet"], done.rejected[0]["row"]) == ("Entries", 2)


def test_formulas_that_failed(tmp_path):
    book = Workbook()
    for line in (HEADER, ("1", "Ann", "Self", "#N/A"), ("2", "Bea", "Self", LONG)):
        book.active.append(line)
    book.save(tmp_path / "a.xlsx")
    done = ingest(tmp_path, tmp_path / "a.xlsx")
    assert done.counts == (0, 1, 1)
    assert "a formula that failed" in done.reasons


def test_hidden_rows_and_blank_rows_in_a_workbook(tmp_path):
    path = xlsx_file(tmp_path, (), HEADER, ("1", "Ann", "Self", LONG), (), ("2", "Bea", "Self", OTHER))
    book = load_workbook(path)
    book.active.row_dimensions[5].hidden = True
    book.save(path)
    done = ingest(tmp_path, path)
    assert done.counts == (0, 2, 0)
    assert [r["source"]["row"] for r in done.kept] == [3, 5]


def workbook_with(tmp_path, change):
    """A workbook with one member changed."""
    source = zipfile.ZipFile(io.BytesIO(xlsx_file(tmp_path, HEADER, ("1", "Ann", "Self", LONG)).read_bytes()))
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
        for name in source.namelist():
            package.writestr(name, change(name, source.read(name)))
    return tmp_path / "b.xlsx"


def test_entities_are_refused(tmp_path):
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]>'
    path = workbook_with(tmp_path, lambda name, data: bomb + data if name.endswith("sheet1.xml") else data)
    done = ingest(tmp_path, path)
    assert done.counts == (2, 0, 0)
    assert "declares a document type" in done.stderr
    wide = ("\ufeff" + bomb.decode() + "<a/>").encode("utf-16")
    assert ingest(tmp_path, zipped(tmp_path / "c.docx", word__document_DOT_xml=wide)).code == 2


def test_damaged_sheets_are_refused(tmp_path):
    path = workbook_with(tmp_path, lambda name, data: data[:-40] if name.endswith("sheet1.xml") else data)
    done = ingest(tmp_path, path)
    assert done.counts == (2, 0, 0)
    assert "is damaged" in done.stderr


def test_a_bomb_is_refused(tmp_path):
    package = zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED)
    with package, package.open("xl/workbook.xml", "w") as member:
        for _ in range(501):
            member.write(b" " * 1_000_000)
    done = ingest(tmp_path, tmp_path / "a.xlsx")
    assert done.counts == (2, 0, 0)
    assert "more than 500 MB" in done.stderr


def test_sheets_without_text_are_passed_over_with_a_warning(tmp_path):
    sheets = {
        "Guidance": [("How judging works",), (LONG * 3,), (OTHER * 3,)],
        "Entries": [HEADER, ("1", "Ann", "Self", LONG)],
        "Archive": [HEADER],
    }
    done = ingest(tmp_path, xlsx_file(tmp_path, sheets=sheets))
    assert done.code == 0
    assert LONG in done.texts
    assert "sheet 'Archive': a header and no rows" in done.stderr


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("text", "is not FIELD=HEADER"),
        ("text=", "is not FIELD=HEADER"),
        ("colour=Nominee", "there is no field 'colour'"),
        ("text=Story", "has no column 'Story' (--map); its columns are 'Entry ID', 'Nominee'"),
    ],
)
def test_a_bad_map(choice, words, tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, row(1)), "--map", choice)
    assert done.counts == (2, 0, 0)
    assert words in done.stderr


def test_two_maps_for_a_field_that_takes_one(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, row(1)), "--map", "id=Nominee", "--map", "id=Entry ID")
    assert done.counts == (2, 0, 0)
    assert "id takes one column" in done.stderr


def test_a_folder_for_output(tmp_path):
    (tmp_path / "out" / "nominations.jsonl").mkdir(parents=True)
    from click.testing import CliRunner

    from pipeline.cli import main

    arguments = ["ingest", str(csv_file(tmp_path, row(1))), "-o", str(tmp_path / "out" / "nominations.jsonl")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "is a folder" in result.stderr
    assert "Traceback" not in result.stderr


def test_output_over_a_source(tmp_path):
    (tmp_path / "out").mkdir()
    path = tmp_path / "out" / "nominations.jsonl"
    path.write_text(json.dumps({"id": "1", "text": "one"}) + "\n")
    done = ingest(tmp_path, path)
    assert done.code == 2
    assert "would be overwritten" in done.stderr
    assert done.texts == ["one"]


def test_standard_input_of_another_kind(tmp_path):
    done = ingest(tmp_path, "-", stdin=xlsx_file(tmp_path, HEADER).read_bytes())
    assert done.counts == (2, 0, 0)
    assert "stdin has a header and no rows" in done.stderr
    assert ingest(tmp_path, "-", stdin=b"").code == 2


def test_a_word_file_that_declares_an_unknown_encoding_is_refused(tmp_path, leadlight):
    import zipfile

    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", b'<?xml version="1.0" encoding="JTF-8"?><document/>')
    done = leadlight("ingest", path, "-o", tmp_path / "n.jsonl")
    assert done.returncode == 2
    assert "letter.docx" in done.stderr
    assert "damaged" in done.stderr
    assert "Traceback" not in done.stderr
