"""Reading good input: formats, columns, ids, and text that comes back exactly."""

import csv
import io
import json
import re
from datetime import datetime

import docx
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ingesting import HEADER, LONG, OTHER, csv_file, ingest, xlsx_file
from openpyxl import Workbook

from pipeline.read import Mapping, Notes, read
from pipeline.read.delimited import parse
from pipeline.read.headers import vocabulary
from pipeline.read.workbook import unescaped
from pipeline.records import Nomination

ROWS = [("A1", "Ann Ode", "Daughter", LONG), ("A2", "Bea Fox", "Line manager", OTHER)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter, tmp_path):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *ROWS])
    (tmp_path / "a.csv").write_bytes(out.getvalue().encode())
    done = ingest(tmp_path, tmp_path / "a.csv")
    assert done.counts == (0, 2, 0)
    assert done.texts == [LONG, OTHER]
    assert [r["nominator"] for r in done.kept] == ["family", "manager"]


def test_the_delimiter_that_excel_names(tmp_path):
    (tmp_path / "a.csv").write_text(f"sep=;\nRef;Text\n1;{LONG}\n", encoding="utf-8")
    done = ingest(tmp_path, tmp_path / "a.csv")
    assert done.texts == [LONG]
    assert done.kept[0]["source"]["row"] == 3


def test_one_column_without_any_delimiter(tmp_path):
    (tmp_path / "a.csv").write_text(f"Reason for nomination\n{LONG}\nShe is kind\n", encoding="utf-8")
    assert ingest(tmp_path, tmp_path / "a.csv").texts == [LONG, "She is kind"]


def test_rows_are_numbered_by_the_line_they_start_on(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, '1,Ann,Self,"one\r\ntwo\n\nthree"', f'2,Bea,Self,"{OTHER}"'))
    assert [r["source"]["row"] for r in done.kept] == [2, 6]
    assert done.texts[0] == "one\r\ntwo\n\nthree"


def test_several_questions_are_joined_with_a_blank_line(tmp_path):
    header = (
        "Ref",
        "Nominee's first name",
        "Nominee's surname",
        "Q1. Tell us why",
        "Q2. Describe their impact",
        "Email",
    )
    rows = [
        ("1", "Ann", "Ode", LONG, OTHER, "a@b.c"),
        ("2", "Bea", "Fox", "", OTHER, ""),
        ("3", "Cy", "", LONG, " ", ""),
    ]
    done = ingest(tmp_path, xlsx_file(tmp_path, header, *rows))
    assert done.texts == [f"{LONG}\n\n{OTHER}", OTHER, LONG]
    first = done.kept[0]
    assert [s["question"] for s in first["sections"]] == ["Q1. Tell us why", "Q2. Describe their impact"]
    assert [first["text"][s["start"] : s["end"]] for s in first["sections"]] == [LONG, OTHER]
    assert first["nominee"] == "Ann Ode"
    assert first["extra"] == {"Email": "a@b.c"}
    assert done.kept[1]["source"]["columns"] == ["Q2. Describe their impact"]


def test_a_platforms_export(tmp_path):
    rows = (
        ("Care Awards 2026",),
        ("Exported 3 March 2026",),
        (),
        ("Entry ID", "Submitted", "Status", "Award category", "Nominee name", "Job title", "Care setting", "Your name",
         "How do you know the nominee?", "Why should they win? (max 300 words)", "Judges' comments"),
        (147, datetime(2026, 3, 1, 10, 30), "Complete", "Teams", "Ann Ode", "Registered Manager", "Nursing home",
         "Bo Day", "I am her line manager", LONG, "A strong entry that all of us liked a great deal when we read it."),
    )  # fmt: skip
    done = ingest(tmp_path, xlsx_file(tmp_path, *rows))
    assert done.counts == (0, 1, 0)
    found = done.kept[0]
    assert (found["id"], found["nominee"], found["category"]) == ("147", "Ann Ode", "Teams")
    assert (found["nominator"], found["setting"], found["level"]) == ("manager", "nursing_home", "operational")
    assert found["source"]["row"] == 5
    assert found["extra"]["Submitted"] == "2026-03-01 10:30:00"
    assert found["extra"]["Job title"] == "Registered Manager"
    assert found["extra"]["Your name"] == "Bo Day"
    assert found["text"] == LONG


def test_dates_and_numbers_as_text(tmp_path):
    book = Workbook()
    book.active.append(("Ref", "Date", "Score", "Half", "Agreed", "Text"))
    book.active.append((7, datetime(2026, 3, 1), 3.0, 0.5, True, LONG))
    book.active["A2"].number_format = "0000"
    book.save(tmp_path / "a.xlsx")
    found = ingest(tmp_path, tmp_path / "a.xlsx").kept[0]
    assert found["id"] == "0007"
    assert found["extra"] == {"Date": "2026-03-01", "Score": "3", "Half": "0.5", "Agreed": "TRUE"}


def test_long_answers_decide_where_headers_say_nothing(tmp_path):
    rows = [("x", "y", "z"), ("1", LONG, "Kent"), ("2", OTHER, "Devon")]
    assert ingest(tmp_path, xlsx_file(tmp_path, *rows)).texts == [LONG, OTHER]


def test_a_table_without_a_header(tmp_path):
    rows = [("1", f"{LONG} {OTHER} {LONG}", "Kent"), ("2", f"{OTHER} {LONG} {LONG}", "Devon")]
    done = ingest(tmp_path, xlsx_file(tmp_path, *rows))
    assert done.counts == (0, 2, 0)
    assert done.kept[0]["extra"] == {"column 1": "1", "column 3": "Kent", "duplicate_group": "D1"}


def test_every_sheet_with_a_table_is_read(tmp_path):
    sheets = {"Home care": [HEADER, ROWS[0]], "Lists": [("County",), ("Kent",)], "Care homes": [(), HEADER, ROWS[1]]}
    done = ingest(tmp_path, xlsx_file(tmp_path, sheets=sheets))
    assert [(r["source"]["sheet"], r["source"]["row"]) for r in done.kept] == [("Home care", 2), ("Care homes", 3)]
    assert "sheet 'Lists': no text column" in done.stderr


def test_repeated_headers_are_told_apart(tmp_path):
    done = ingest(tmp_path, csv_file(tmp_path, f"1,a,b,{OTHER.split(',')[0]}", header=("Ref", "Note", "Note", "Text")))
    assert done.kept[0]["extra"] == {"Note": "a", "Note (2)": "b"}


def test_map(tmp_path):
    path = xlsx_file(tmp_path, ("A", "Full name", "B", "C"), ("x", "Ann Ode", LONG, OTHER), ("y", "Bea", OTHER, LONG))
    done = ingest(tmp_path, path, "--map", "text=c", "--map", "text=B", "--map", "nominee=Full  NAME", "--map", "id=A")
    assert done.texts[0] == f"{OTHER}\n\n{LONG}"
    assert (done.kept[0]["id"], done.kept[0]["nominee"]) == ("x", "Ann Ode")
    assert [s["question"] for s in done.kept[0]["sections"]] == ["C", "B"]


def test_map_for_json_lines(tmp_path):
    (tmp_path / "n.jsonl").write_text(json.dumps({"ref": 5, "why": LONG, "what": OTHER, "score": 3}) + "\n")
    done = ingest(tmp_path, tmp_path / "n.jsonl", "--map", "text=why", "--map", "text=what", "--map", "id=ref")
    assert done.kept[0]["id"] == "5"
    assert done.texts == [f"{LONG}\n\n{OTHER}"]
    assert done.kept[0]["extra"] == {"score": "3"}


def test_made_ids_do_not_depend_on_the_order_of_rows(tmp_path):
    rows = [("Nominee", "Text"), *((name, text) for _, name, _, text in ROWS)]
    there = {r["nominee"]: r["id"] for r in ingest(tmp_path, xlsx_file(tmp_path, *rows)).kept}
    back = {r["nominee"]: r["id"] for r in ingest(tmp_path, xlsx_file(tmp_path, rows[0], *rows[:0:-1])).kept}
    assert there == back
    assert all(re.fullmatch(r"[0-9a-f]{12}", made) for made in there.values())


def test_word_documents(tmp_path):
    letter = docx.Document()
    letter.add_paragraph("Dear judges,")
    table = letter.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Name", "Ann Ode"
    last = letter.add_paragraph("She rang the GP\tevery day")
    last.add_run().add_break()
    last.add_run("and never gave up.")
    letter.save(tmp_path / "letter.docx")
    done = ingest(tmp_path, tmp_path / "letter.docx")
    assert done.texts == ["Dear judges,\nShe rang the GP\tevery day\nand never gave up."]
    assert done.kept[0]["nominee"] == "Ann Ode"
    assert done.kept[0]["source"] == {"file": "letter.docx"}


def test_word_text_that_is_tracked_boxed_or_in_a_control(tmp_path):
    import zipfile

    letter = docx.Document()
    letter.add_paragraph("here")
    letter.save(tmp_path / "plain.docx")
    body = (
        "<w:p><w:r><w:t>here</w:t></w:r><w:ins><w:r><w:t> in</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> out</w:delText></w:r></w:del>"
        '<w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p>'
        "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p>"
        "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>control</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    with zipfile.ZipFile(tmp_path / "plain.docx") as old, zipfile.ZipFile(tmp_path / "a.docx", "w") as new:
        for name in old.namelist():
            data = old.read(name).decode("utf-8") if name == "word/document.xml" else old.read(name)
            if isinstance(data, str):
                data = re.sub(r"<w:p>.*</w:p>|<w:p .*</w:p>", body, data, flags=re.DOTALL)
            new.writestr(name, data)
    assert ingest(tmp_path, tmp_path / "a.docx").texts == ["here in\nbox\ncontrol"]


def test_a_folder_of_everything(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    csv_file(folder, f'1,Ann,Self,"{LONG}"')
    xlsx_file(folder, HEADER, ROWS[1])
    (folder / "letter.txt").write_bytes(b"  Dear all,\r\n\r\nthank you.\n")
    (folder / "n.jsonl").write_text('{"id":"j","text":"one"}\n')
    done = ingest(tmp_path, folder)
    assert done.counts == (0, 4, 0)
    assert [r["source"]["file"] for r in done.kept] == [
        "in/entries.csv",
        "in/entries.xlsx",
        "in/letter.txt",
        "in/n.jsonl",
    ]
    assert done.texts[2] == "  Dear all,\r\n\r\nthank you.\n"


def test_parquet(tmp_path):
    table = pa.table({"Ref": [1, 2], "Text": [LONG, None], "When": [datetime(2026, 3, 1), None], "Tags": [["a"], []]})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    done = ingest(tmp_path, tmp_path / "a.parquet")
    assert done.counts == (0, 1, 1)
    assert done.kept[0]["source"]["row"] == 1
    assert done.kept[0]["extra"] == {"When": "2026-03-01 00:00:00"}


def test_lines_of_a_labelled_corpus(tmp_path):
    line = {"id": "G1", "text": "One. Two.", "nominator": "family", "kind_of_text": "letter",
            "sentences": [{"start": 0, "end": 4, "kind": "context"}]}  # fmt: skip
    (tmp_path / "c.jsonl").write_text(json.dumps(line) + "\n")
    found = ingest(tmp_path, tmp_path / "c.jsonl").kept[0]
    assert found == {"id": "G1", "text": "One. Two.", "nominator": "family", "setting": "unknown", "level": "unknown",
                     "source": {"file": "c.jsonl", "row": 1}, "extra": {"kind_of_text": "letter"}}  # fmt: skip


def test_own_output_is_read_again(tmp_path):
    first = ingest(tmp_path, xlsx_file(tmp_path, HEADER, *ROWS)).kept
    (tmp_path / "again.jsonl").write_text("".join(json.dumps(row) + "\n" for row in first), encoding="utf-8")
    second = ingest(tmp_path, tmp_path / "again.jsonl").kept
    for old, new in zip(first, second, strict=True):
        assert {**old, "source": 0, "extra": 0} == {**new, "source": 0, "extra": 0}
        assert new["extra"]["source"] == f"file entries.xlsx, sheet Entries, row {old['source']['row']}"


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_standard_input(kind, tmp_path):
    text = json.dumps({"id": "A1", "text": LONG}) if kind == "jsonl" else f'Ref,Text\nA1,"{LONG}"\n'
    done = ingest(tmp_path, "-", stdin=text)
    assert done.texts == [LONG]
    assert done.kept[0]["source"]["file"] == "stdin"


def test_standard_output_holds_nothing_but_nominations(leadlight, tmp_path):
    path = csv_file(tmp_path, f'1,Ann,Self,"{LONG} é"', "2,Bea,Self,")
    done = leadlight("ingest", path, "--json")
    assert done.returncode == 0
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["1"]
    assert "2 read: 1 kept, 1 rejected" in done.stderr
    assert list(tmp_path.iterdir()) == [path]


def test_summary_as_json(tmp_path):
    done = ingest(tmp_path, xlsx_file(tmp_path, HEADER, *ROWS, ("A3", "Cy", "Self", "")), "--json")
    summary = json.loads(done.stdout)
    assert (summary["read"], summary["kept"], summary["rejected"]) == (3, 2, 1)
    assert summary["rejects"].endswith("nominations.rejects.jsonl")
    assert summary["columns"]["entries.xlsx, sheet 'Entries'"]["text"] == ["Why should they win?"]


def test_strict_and_stale_rejects(tmp_path):
    assert ingest(tmp_path, csv_file(tmp_path, f'1,A,Self,"{LONG}"', "2,B,Self,"), "--strict").counts == (1, 1, 1)
    assert ingest(tmp_path, csv_file(tmp_path, f'1,A,Self,"{LONG}"'), "--strict").counts == (0, 1, 0)
    mine = tmp_path / "mine.jsonl"
    done = ingest(tmp_path, csv_file(tmp_path, f'1,A,Self,"{LONG}"', "2,B,Self,"), rejects=mine)
    assert done.code == 0
    assert f"(see {mine})" in done.stderr
    assert json.loads(mine.read_text())["content"] == {"Entry ID": "2", "Nominee": "B", HEADER[2]: "Self"}


def test_reading_is_lazy(tmp_path):
    path = csv_file(tmp_path, f'1,A,Self,"{LONG}"')
    notes = Notes()
    found = read([path, tmp_path / "nosuch.csv"], Mapping(), notes)
    assert isinstance(next(found), Nomination)
    assert notes.columns["entries.csv"]["id"] == ["Entry ID"]


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Entry ID", "id"), ("Ref.", "id"), ("Reference number", "id"), ("No.", "id"), ("#", "id"),
        ("Nominee", "nominee"), ("Who are you nominating?", "nominee"), ("Name of person being nominated", "nominee"),
        ("Nominee First Name", "nominee_first"), ("Surname", "nominee_last"), ("Nominee: Last name", "nominee_last"),
        ("Your relationship to the nominee", "nominator"), ("How do you know the nominee?", "nominator"),
        ("Describe your relationship to them", "nominator"), ("Relationship", "nominator"),
        ("Care setting", "setting"), ("Type of service", "setting"), ("Job title", "level"),
        ("Nominee's role", "level"),
        ("Award category", "category"), ("Which award are you entering?", "category"), ("Category *", "category"),
        ("Tell us why they should win", "text"), ("Please describe a time when they led others", "text"),
        ("Supporting statement", "text"), ("Reason for nomination", "text"),
        ("3. What difference have they made?", "text"),
        ("In no more than 300 words, say what makes them special", "text"), ("Your nomination", "text"),
        ("How did they address the problem?", "text"), ("Nomination text (max 250 words)", "text"),
        ("Your name", "extra"), ("Nominator name", "extra"), ("Email address", "extra"), ("Submitted date", "extra"),
        ("How did you hear about the awards?", "extra"), ("Judges' comments", "extra"), ("Organisation", "extra"),
        ("How long have they worked in care?", "extra"), ("Do you consent to publicity?", "extra"), ("Status", "extra"),
        ("Region", "extra"), ("Notes", ""),
    ],
)  # fmt: skip
def test_headers(header, role):
    assert vocabulary().role(header) == role


@pytest.mark.parametrize(
    ("field", "answer", "value"),
    [
        ("nominator", "Daughter of a resident", "family"), ("nominator", "Resident", "service_user"),
        ("nominator", "I am her line manager", "manager"), ("nominator", "Colleague", "colleague"),
        ("nominator", "Myself", "self"), ("nominator", "Service user", "service_user"),
        ("nominator", "She is my PA", "service_user"), ("nominator", "Employer/organisation", "manager"),
        ("nominator", "A friend", "unknown"), ("nominator", "Judging panel", "judges"),
        ("setting", "Care home with nursing", "nursing_home"), ("setting", "Domiciliary care", "home_care"),
        ("setting", "Residential", "care_home"), ("setting", "Supported Living", "supported_living"),
        ("setting", "Local authority", "council"), ("setting", "Day centre", "day_service"),
        ("level", "Registered Manager", "operational"), ("level", "Deputy Manager", "front_line_leader"),
        ("level", "Senior carer", "front_line_leader"), ("level", "Support Worker", "front_line"),
        ("level", "Director of Care", "strategic"), ("level", "The night team", "team"),
        ("level", "Team leader", "front_line_leader"), ("level", "Activities Coordinator", "front_line"),
        ("level", "Care co-ordinator", "front_line_leader"), ("level", "", "unknown"),
    ],
)  # fmt: skip
def test_answers(field, answer, value):
    assert vocabulary().value(field, answer) == value


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("a_x000D_\nb", "a\r\nb"), ("_x005F_x000D_", "_x000D_"), ("_xD83D__xDE00_", "\U0001f600"), ("_x00_", "_x00_"),
        ("x005F_", "x005F_"),
    ],
)  # fmt: skip
def test_excels_escapes(stored, shown):
    assert unescaped(stored) == shown


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t\",;|' \u00a0"), min_size=1)
KEPT = TEXTS.filter(lambda text: text.strip() and text.strip() != "Text" and not text.strip().startswith("#"))
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(
    st.lists(KEPT, min_size=1, max_size=5), st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["utf-8", "utf-16"])
)
def test_text_comes_back_from_csv(tmp_path, texts, delimiter, encoding):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("Ref", "Nominee", "Text"), *((n, "Ann", text) for n, text in enumerate(texts))])
    (tmp_path / "a.csv").write_bytes(out.getvalue().encode(encoding))
    found = list(read([tmp_path / "a.csv"]))
    assert [each.text for each in found if isinstance(each, Nomination)] == texts


@QUICK
@given(st.lists(KEPT, min_size=1, max_size=5))
def test_text_comes_back_from_xlsx(tmp_path, texts):
    protected = [re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text) for text in texts]
    path = xlsx_file(tmp_path, ("Ref", "Text"), *((n, "'" + text) for n, text in enumerate(protected)))
    found = list(read([path]))
    assert [each.text for each in found if isinstance(each, Nomination)] == ["'" + text for text in texts]


@QUICK
@given(st.lists(st.lists(st.text(st.sampled_from('ab",\r\n ')), min_size=2, max_size=4), min_size=1, max_size=6))
def test_the_parser_reads_what_the_csv_module_writes(rows):
    width = max(map(len, rows))
    rows = [["h"] * width, *(row + [""] * (width - len(row)) for row in rows)]
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    assert [list(row.cells) for row in parse(out.getvalue())] == rows


@QUICK
@given(st.text(st.sampled_from('ab",;\t|\r\n\0 é')))
def test_any_text_is_parsed_without_losing_a_letter(text):
    found = "".join("".join(row.cells) for row in parse(text))
    for letter in "abé":
        assert found.count(letter) == text.count(letter)
