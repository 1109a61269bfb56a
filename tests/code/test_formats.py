"""Every format that organisers hold, made as their programs make it; forms, flags, duplicates, mappings."""

import datetime
import io
import json
import zipfile
from email.message import EmailMessage

import docx
import pytest
import xlwt
from click.testing import CliRunner
from docx.oxml import parse_xml
from ingesting import HEADER, LONG, OTHER, csv_file, ingest, xlsx_file
from openpyxl import load_workbook
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

from pipeline.cli import main
from pipeline.read.duplicates import groups_of
from pipeline.read.flags import limit_of
from pipeline.read.forms import ticked

ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def odf_file(path, body, kind):
    """An OpenDocument file with this body."""
    content = (
        f'<?xml version="1.0"?><office:document-content {ODF}><office:body><office:{kind}>{body}</office:{kind}>'
        "</office:body></office:document-content>"
    )
    name = "spreadsheet" if kind == "spreadsheet" else "text"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{name}")
        package.writestr("content.xml", content)
    return path


def ods_row(*cells, attributes=""):
    inner = "".join(f'<table:table-cell office:value-type="string">{cell}</table:table-cell>' for cell in cells)
    return f"<table:table-row {attributes}>{inner}</table:table-row>"


def p(text):
    return f"<text:p>{text}</text:p>"


def pdf_file(path, *paragraphs):
    style = getSampleStyleSheet()["BodyText"]
    SimpleDocTemplate(str(path)).build([Paragraph(each, style) for each in paragraphs])
    return path


def form_docx(path, *rows, before=(), after=()):
    letter = docx.Document()
    for line in before:
        letter.add_paragraph(line)
    table = letter.add_table(rows=0, cols=2)
    for row in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = row
    for line in after:
        letter.add_paragraph(line)
    letter.save(path)
    return path


# Tables


def test_old_excel(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Entries")
    date = xlwt.easyxf(num_format_str="D/M/YYYY")
    number = xlwt.easyxf(num_format_str="0000")
    for place, row in enumerate([("Entry ID", "Submitted", "Nominee", "Category", "Why should they win?")]):
        for column, value in enumerate(row):
            sheet.write(place, column, value)
    for place, (name, text) in enumerate([("Ann", LONG), ("Bea", OTHER)], 1):
        sheet.write(place, 0, place, number)
        sheet.write(place, 1, datetime.date(2026, 3, place), date)
        sheet.write(place, 2, name)
        sheet.write(place, 4, text)
    sheet.write_merge(1, 2, 3, 3, "Teams")
    sheet.row(2).hidden = True
    book.save(str(tmp_path / "a.xls"))
    done = ingest(tmp_path, tmp_path / "a.xls")
    assert done.texts == [LONG, OTHER]
    assert [row["id"] for row in done.kept] == ["0001", "0002"]
    assert [row["category"] for row in done.kept] == ["Teams", "Teams"]
    assert done.kept[0]["extra"] == {"Submitted": "2026-03-01"}
    assert done.kept[1]["extra"]["flag:hidden"] == "the row is hidden in the workbook"
    assert done.kept[1]["source"] == {"file": "a.xls", "sheet": "Entries", "row": 3, "columns": [HEADER[3]]}


def test_what_goes_under_the_name_of_old_excel(tmp_path):
    (tmp_path / "text.xls").write_text(f"Ref\tNominee\tText\n1\tAnn\t{LONG}\n", encoding="utf-8")
    assert ingest(tmp_path, tmp_path / "text.xls").texts == [LONG]
    (tmp_path / "new.xls").write_bytes(xlsx_file(tmp_path, HEADER, ("1", "Ann", "Self", OTHER)).read_bytes())
    assert ingest(tmp_path, tmp_path / "new.xls").texts == [OTHER]
    (tmp_path / "out" / "nominations.jsonl").unlink()
    (tmp_path / "page.xls").write_text("<html><table><tr><td>Ref</td></tr></table></html>")
    done = ingest(tmp_path, tmp_path / "page.xls")
    assert done.counts == (2, 0, 0)
    assert "web page or XML under an Excel name" in done.stderr


def test_an_opendocument_sheet_keeps_breaks_and_drops_comments(tmp_path):
    text = "She rang<text:line-break/>the GP<text:s text:c='2'/>daily,<text:tab/>and stayed"
    note = "<office:annotation><text:p>a comment</text:p></office:annotation>"
    body = (
        "<table:table table:name='Entries'>"
        + ods_row(*(p(head) for head in HEADER))
        + ods_row(p("1"), p("Ann"), p("Self"), note + p(text) + p("with Mum."))
        + "<table:table-row table:number-rows-repeated='3'><table:table-cell table:number-columns-repeated='16384'/>"
        "</table:table-row>"
        + ods_row(p("2"), p("Bea"), p("Self"), p(OTHER), attributes="table:visibility='filter'")
        + "<table:table-row table:number-rows-repeated='1048570'>"
        "<table:table-cell table:number-columns-repeated='16384'/></table:table-row></table:table>"
    )
    done = ingest(tmp_path, odf_file(tmp_path / "a.ods", body, "spreadsheet"))
    assert done.texts == ["She rang\nthe GP  daily,\tand stayed\nwith Mum.", OTHER]
    assert [row["source"]["row"] for row in done.kept] == [2, 6]
    assert "flag:hidden" in done.kept[1]["extra"]


def test_hidden_rows_and_sheets_are_marked(tmp_path):
    path = xlsx_file(tmp_path, sheets={"A": [HEADER, ("1", "Ann", "Self", LONG)], "B": [HEADER, ("2", "B", "", OTHER)]})
    book = load_workbook(path)
    book["A"].row_dimensions[2].hidden = True
    book["B"].sheet_state = "hidden"
    book.save(path)
    done = ingest(tmp_path, path)
    assert [row["extra"]["flag:hidden"].split()[1] for row in done.kept] == ["row", "sheet"]


# Documents


def test_an_opendocument_text(tmp_path):
    deleted = (
        "<text:tracked-changes><text:changed-region>" + p("deleted") + "</text:changed-region></text:tracked-changes>"
    )
    body = deleted + "<text:h>For Ann</text:h>" + p("She <text:span>rang</text:span> the GP.") + p("Thank you.")
    done = ingest(tmp_path, odf_file(tmp_path / "a.odt", body, "text"))
    assert done.texts == ["For Ann\nShe rang the GP.\nThank you."]


def test_rich_text(tmp_path):
    (tmp_path / "a.rtf").write_bytes(
        rb"{\rtf1\ansi{\fonttbl\f0 Arial;}{\*\generator W;}\f0 Dear judges,\par Ren\'e9e is kind \u8211? always.\par}"
    )
    assert ingest(tmp_path, tmp_path / "a.rtf").texts == ["Dear judges,\nRenée is kind – always."]


def test_the_lines_of_a_pdf_are_joined_to_paragraphs(tmp_path):
    long = f"{LONG} {OTHER} {LONG}"
    done = ingest(tmp_path, pdf_file(tmp_path / "a.pdf", "Dear judges,", long, "She is the best of us."))
    assert done.texts == [f"Dear judges,\n{long}\nShe is the best of us."]


def test_scanned_pages_of_a_pdf_are_named(tmp_path):
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("RGB", (20, 20), "grey"))
    for name, pages in (("scan.pdf", 1), ("part.pdf", 2)):
        page = canvas.Canvas(str(tmp_path / name))
        page.drawImage(picture, 0, 0, 500, 700)
        page.showPage()
        if pages == 2:
            page.drawString(72, 700, "She rang the surgery every morning.")
            page.showPage()
        page.save()
    done = ingest(tmp_path, tmp_path / "scan.pdf")
    assert done.counts == (2, 0, 0)
    assert "scan.pdf is scanned" in done.stderr
    done = ingest(tmp_path, tmp_path / "part.pdf")
    assert done.texts == ["She rang the surgery every morning."]
    assert "part.pdf: page 1 is a picture" in done.stderr


def test_the_fields_of_a_pdf_form(tmp_path):
    page = canvas.Canvas(str(tmp_path / "form.pdf"))
    page.drawString(72, 750, "Nominee name")
    for number, (label, value) in enumerate([("Nominee name", "Ann Ode"), ("Why should they win?", LONG)]):
        page.acroForm.textfield(name=f"f{number}", tooltip=label, value=value, x=72, y=700 - 50 * number, width=400)
    page.save()
    done = ingest(tmp_path, tmp_path / "form.pdf")
    assert done.texts == [LONG]
    assert done.kept[0]["nominee"] == "Ann Ode"


def test_a_locked_pdf(tmp_path):
    from reportlab.lib import pdfencrypt

    page = canvas.Canvas(str(tmp_path / "a.pdf"), encrypt=pdfencrypt.StandardEncryption("secret", canPrint=0))
    page.drawString(72, 700, LONG)
    page.save()
    done = ingest(tmp_path, tmp_path / "a.pdf")
    assert done.code == 2
    assert "locked with a password" in done.stderr


def message(text, subtype="plain", **attached):
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "A nomination", "Bo Day <bo@day.example>"
    mail.set_content(text, subtype=subtype)
    for name, content in attached.items():
        file = name.replace("_", ".")
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=file)
    return mail.as_bytes()


def test_mail_of_a_web_form(tmp_path):
    text = f"Nominee name: Ann Ode\nCategory: Teams\nWhy should they win?\n{LONG}\n"
    (tmp_path / "a.eml").write_bytes(message(text))
    found = ingest(tmp_path, tmp_path / "a.eml").kept[0]
    assert (found["text"], found["nominee"], found["category"]) == (LONG, "Ann Ode", "Teams")
    assert found["extra"]["subject"] == "A nomination"
    (tmp_path / "b.eml").write_bytes(message(f"<p>Dear&nbsp;all</p><p>{LONG}</p><style>p {{}}</style>", "html"))
    assert ingest(tmp_path, tmp_path / "b.eml").texts == [f"Dear all\n\n{LONG}"]


def test_mail_with_a_nomination_attached(tmp_path):
    form = form_docx(tmp_path / "x.docx", ("Nominee", "Ann"), ("Why should they win?", LONG)).read_bytes()
    (tmp_path / "a.eml").write_bytes(message("Please find my form.", form_docx=form, photo_jpg=b"\xff\xd8\xff"))
    done = ingest(tmp_path, tmp_path / "a.eml")
    assert done.texts == [LONG]
    assert done.kept[0]["source"]["file"] == "a.eml/form.docx"
    assert "covering note" in done.reasons
    assert "pictures are not read" in done.reasons


def test_archives_of_everything(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("c.txt", "Thank you, Cy.")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("a/letter.txt", LONG)
        archive.writestr("b.csv", f"Ref,Text\n1,{OTHER.replace(',', '')}\n")
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("__MACOSX/._letter.txt", b"\0")
        archive.writestr("empty.csv", b"")
    done = ingest(tmp_path, tmp_path / "all.zip")
    assert [row["source"]["file"] for row in done.kept] == [
        "all.zip/a/letter.txt",
        "all.zip/b.csv",
        "all.zip/inner.zip/c.txt",
    ]
    assert [row["file"] for row in done.rejected] == ["all.zip/empty.csv"]


@pytest.mark.parametrize("kind", ["xlsx", "docx", "pdf", "rtf", "eml", "ods", "zip"])
def test_standard_input_of_every_kind(kind, tmp_path):
    data = {
        "xlsx": lambda: xlsx_file(tmp_path, HEADER, ("1", "Ann", "Self", LONG)).read_bytes(),
        "docx": lambda: form_docx(tmp_path / "x", ("Nominee", "Ann"), ("Why should they win?", LONG)).read_bytes(),
        "pdf": lambda: pdf_file(tmp_path / "x", LONG).read_bytes(),
        "rtf": lambda: b"{\\rtf1 " + LONG.encode() + b"}",
        "eml": lambda: message(LONG),
        "ods": lambda: odf_file(
            tmp_path / "x", f"<table:table>{ods_row(p('Text'))}{ods_row(p(LONG))}</table:table>", "spreadsheet"
        ).read_bytes(),
        "zip": lambda: zip_of(tmp_path / "x", **{"a.txt": LONG}),
    }[kind]()
    assert ingest(tmp_path, "-", stdin=data).texts == [LONG]


def zip_of(path, **content):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path.read_bytes()


# Forms


def test_labels_of_a_word_form_are_no_text(tmp_path):
    path = form_docx(
        tmp_path / "form.docx",
        ("Section A: Your details", ""),
        ("Name", "Bo Day"),
        ("Section B: The nominee", ""),
        ("Name", "Ann Ode"),
        ("Job title", "Registered Manager"),
        ("Type of service", "☐ Nursing home ☒ Home care"),
        ("Why should they win? (max 10 words)", LONG),
        ("Describe their impact", OTHER),
        before=["Care Awards 2026", "Please return this form by 1 May."],
    )
    found = ingest(tmp_path, path).kept[0]
    assert found["text"] == f"{LONG}\n\n{OTHER}"
    assert (found["nominee"], found["level"], found["setting"]) == ("Ann Ode", "operational", "home_care")
    assert [section["question"][:8] for section in found["sections"]] == ["Why shou", "Describe"]
    assert found["extra"]["Your details: Name"] == "Bo Day"
    assert found["extra"]["outside the form"] == "Care Awards 2026\nPlease return this form by 1 May."
    assert found["extra"]["flag:over_limit"].startswith("19 words of 10 for 'Why should they win?")


def test_questions_as_headings_of_a_word_form(tmp_path):
    letter = docx.Document()
    for text, bold in (("Nominee: Ann Ode", 0), ("Why are you nominating them?", 1), (LONG, 0), (OTHER, 0)):
        letter.add_paragraph().add_run(text).bold = bool(bold)
    letter.save(tmp_path / "a.docx")
    found = ingest(tmp_path, tmp_path / "a.docx").kept[0]
    assert found["text"] == f"{LONG}\n{OTHER}"
    assert found["nominee"] == "Ann Ode"


def test_a_word_table_that_lists_nominations(tmp_path):
    letter = docx.Document()
    table = letter.add_table(rows=0, cols=3)
    for row in (("Nominee", "Category", "Reason for nomination"), ("Ann", "Teams", LONG), ("Bea", "Carer", OTHER)):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    letter.save(tmp_path / "a.docx")
    done = ingest(tmp_path, tmp_path / "a.docx")
    assert [(row["nominee"], row["text"]) for row in done.kept] == [("Ann", LONG), ("Bea", OTHER)]


def test_controls_and_fields_of_a_word_form(tmp_path):
    path = form_docx(tmp_path / "a.docx", ("Nominee", ""), ("Category", ""), ("Type of service", ""), ("Why?", LONG))
    letter = docx.Document(path)
    cells = [row.cells[1]._tc for row in letter.tables[0].rows]
    prompt = "<w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
    control = "<w:sdt {}>{}<w:sdtContent><w:r><w:t>{}</w:t></w:r></w:sdtContent></w:sdt>"
    cells[0].p_lst[0].append(parse_xml(control.format(W, "", "Ann Ode")))
    cells[1].p_lst[0].append(parse_xml(control.format(W, prompt, "Choose an item.")))
    box = (
        '<w:r {}><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/>'
        '<w:listEntry w:val="Hospital"/>'
        '<w:listEntry w:val="Care home"/></w:ddList></w:ffData></w:fldChar></w:r>'
    )
    cells[2].p_lst[0].append(parse_xml(box.format(W)))
    letter.save(path)
    found = ingest(tmp_path, path).kept[0]
    assert (found["nominee"], found["setting"]) == ("Ann Ode", "care_home")
    assert "category" not in found
    assert "Choose" not in json.dumps(found)


@pytest.mark.parametrize(
    ("answer", "chosen"),
    [("☐ Manager ☒ Colleague", "Colleague"), ("Manager ☒ Colleague ☐", "Manager"), ("Ann", "Ann"), ("☐ a ☐ b", "")],
)
def test_boxes(answer, chosen):
    assert ticked(answer) == chosen


# Award platforms: the shapes of their exports, with invented content

PLATFORMS = {
    "Award Force": (
        ("Slug", "Entry name", "Category", "Entrant name", "Entrant email", "Status", "Why should they win?", "Score"),
        ("aBcD", "Ann Ode", "Teams", "Bo Day", "b@d.example", "Submitted", LONG, "81"),
        {"category": "Teams", "nominee": "Ann Ode", "id": "aBcD"},
    ),
    "Evessio": (
        ("Entry ID", "Transaction status", "Award entered", "Nominee name", "Supporting statement", "Submitter email"),
        ("E-7", "Incomplete", "Carer", "Ann Ode", LONG, "b@d.example"),
        {"id": "E-7", "nominee": "Ann Ode", "flag": "incomplete"},
    ),
    "Submittable": (
        ("Submission ID", "Nominee Full Name", "Tell us about their leadership", "Reviewer 1", "Reviewer 1 comments"),
        ("99", "Ann Ode", LONG, "Cy Fox", f"{OTHER} {OTHER} {OTHER}"),
        {"id": "99", "nominee": "Ann Ode"},
    ),
    "Judgify": (
        ("Entry No", "Category Name", "Nominee", "Describe their impact", "Judge 1 Score", "Judge A feedback"),
        ("12", "Home care", "Ann Ode", LONG, "7", f"{OTHER} {OTHER} {OTHER}"),
        {"id": "12", "category": "Home care", "nominee": "Ann Ode"},
    ),
    "Microsoft Forms": (
        ("ID", "Start time", "Completion time", "Email", "Name", "Who are you nominating?", "Why should they win?"),
        ("1", "3/1/26 9:00", "3/1/26 9:10", "anonymous", "Bo Day", "Ann Ode", LONG),
        {"id": "1", "nominee": "Ann Ode"},
    ),
    "Google Forms": (
        ("Timestamp", "Email address", "Name of the person you are nominating", "Tell us why", "Anything else?"),
        ("01/03/2026 09:00:00", "b@d.example", "Ann Ode", LONG, OTHER),
        {"nominee": "Ann Ode", "second": OTHER},
    ),
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_export_of_a_platform(platform, tmp_path):
    head, row, expected = PLATFORMS[platform]
    done = ingest(tmp_path, xlsx_file(tmp_path, sheets={"Entries": [head, row], "Summary": [("Total",), ("1",)]}))
    assert done.counts == (0, 1, 0)
    found = done.kept[0]
    assert found["text"] == (f"{LONG}\n\n{expected.pop('second')}" if "second" in expected else LONG)
    flag = expected.pop("flag", None)
    assert [key for key in found["extra"] if key.startswith("flag:")] == ([f"flag:{flag}"] if flag else [])
    assert {key: found[key] for key in expected} == expected


def test_an_export_split_over_files(tmp_path):
    for number, text in enumerate((LONG, OTHER), 1):
        csv_file(tmp_path, f'{number},Ann,Self,"{text}"', name=f"entries-{number}.csv")
    assert ingest(tmp_path, tmp_path / "entries-1.csv", tmp_path / "entries-2.csv").texts == [LONG, OTHER]


# Flags, duplicates, rejects


def flags_of(tmp_path, text, nominee="Ann", head="Text", *more):
    path = csv_file(tmp_path, f'1,{nominee},"{text}"', header=("Ref", "Nominee", head))
    (found,) = ingest(tmp_path, path, *more).kept
    return [key.removeprefix("flag:") for key in found.get("extra", {}) if key.startswith("flag:")]


@pytest.mark.parametrize(
    ("text", "nominee", "flags"),
    [
        (LONG, "Ann", []),
        (LONG, "Test Testing", ["test"]),
        (LONG, "Tess Testerman", []),
        ("This is a test please ignore", "Ann", ["test"]),
        ("The blood test was hers to chase and she chased it", "Ann", []),
        ("N/A", "Ann", ["empty"]),
        ("Please see attached letter", "Ann", ["empty"]),
        ("She is kind", "Ann", []),
        ("Mae hi'n garedig iawn gyda'r preswylwyr bob amser ac mae'r teulu yn diolch iddi hi", "Ann", ["non_english"]),
        ("Jest bardzo miła i zawsze pomaga mieszkańcom kiedy tylko może to zrobić", "Ann", ["non_english"]),
        ("RGN ILS PEG MDT trained", "Ann", []),
    ],
)
def test_flags(text, nominee, flags, tmp_path):
    assert flags_of(tmp_path, text, nominee) == flags


@pytest.mark.parametrize(
    ("question", "limit"),
    [
        ("Why? (max 300 words)", 300), ("In no more than 1,000 words, say why", 1000), ("Why? (250-500 words)", 500),
        ("Write at least 100 words", 0), ("About 300 words", 0), ("Why? 200 to 300 words", 300), ("Why?", 0),
    ],
)  # fmt: skip
def test_word_limits(question, limit):
    assert limit_of(question) == limit


def test_what_is_flagged_is_dropped_when_asked(tmp_path):
    path = csv_file(tmp_path, f'1,Ann,Self,"{LONG}"', f'2,Test,Self,"{OTHER}"')
    done = ingest(tmp_path, path, "--drop", "test")
    assert done.counts == (0, 1, 1)
    assert done.reasons == "test: the nominee is 'Test' (--drop)"
    assert ingest(tmp_path, path, "--drop", "colour").code == 2


STORY = " ".join(
    f"In week {n} she met the {who} and agreed {what}."
    for n, (who, what) in enumerate(
        [("matron", "a rota"), ("GP", "a call"), ("council", "a grant"), ("school", "a visit"), ("choir", "a song"),
         ("library", "a shelf"), ("police", "a talk"), ("chemist", "a box")], 1,
    )
)  # fmt: skip


def test_the_same_story_is_grouped(tmp_path):
    lines = (
        f'1,Ann,"{STORY}",Teams', f'2,Ann,"{STORY}",Carer', f'3,Cy,"{OTHER}",Carer',
        f'4,Ann Ode,"{STORY} Everyone here is proud of her, and so am I.",Teams',
    )  # fmt: skip
    done = ingest(tmp_path, csv_file(tmp_path, *lines, header=("Ref", "Nominee", "Text", "Category")))
    assert done.counts == (0, 4, 0)
    assert [row.get("extra", {}).get("duplicate_group") for row in done.kept] == ["D1", "D1", None, "D1"]
    assert done.kept[1]["extra"]["flag:duplicate"] == "the same words as 1 (entries.csv, row 2)"
    assert done.kept[3]["extra"]["flag:near_duplicate"].startswith("99% of the words run as in 1")
    assert "same story: 1, 2, 4" in done.stderr
    assert "1 group of duplicates (3 nominations)" in done.stderr


def test_an_entry_to_two_categories_is_kept_twice(tmp_path):
    lines = (f'Ann,"{LONG}",Teams', f'Ann,"{LONG}",Carer', f'Ann,"{LONG}",Teams')
    done = ingest(tmp_path, csv_file(tmp_path, *lines, header=("Nominee", "Text", "Category")))
    assert done.counts == (0, 2, 1)
    assert len({row["id"] for row in done.kept}) == 2


def test_groups_do_not_depend_on_scale():
    others = [f"{n} " + " ".join(f"word{n}x{m}" for m in range(60)) for n in range(5_100)]
    few, many = groups_of([STORY, others[0], STORY + " More."]), groups_of([STORY, *others, STORY + " More."])
    assert [group.places for group in few] == [(0, 2)]
    assert [group.places for group in many] == [(0, 5_101)]


def test_the_rejects_workbook_holds_the_rows(tmp_path):
    path = csv_file(tmp_path, f'1,Ann,Self,"{LONG}"', '2,=cmd(),Self,""', "3,\x01Bea,Self,")
    done = ingest(tmp_path, path)
    sheet = load_workbook(tmp_path / "out" / "nominations.rejects.xlsx").active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:6] == ("File", "Sheet", "Row", "Why it was rejected", "Entry ID", "Nominee")
    assert [row[2] for row in rows[1:]] == [row["row"] for row in done.rejected]
    assert rows[1][5] == "=cmd()"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert ingest(tmp_path, csv_file(tmp_path, f'1,Ann,Self,"{LONG}"')).counts == (0, 1, 0)
    assert not (tmp_path / "out" / "nominations.rejects.xlsx").exists()


# Mappings


def test_a_guessed_mapping_can_be_used(tmp_path):
    path = xlsx_file(tmp_path, HEADER, ("1", 'Ann "A" Ode', "Daughter", LONG))
    done = CliRunner().invoke(main, ["ingest", str(path), "--guess"])
    assert done.exit_code == 0
    assert 'nominee = "Nominee"   # Ann "A" Ode' in done.stdout
    (tmp_path / "mapping.toml").write_text(done.stdout, encoding="utf-8")
    assert ingest(tmp_path, path, "--map", tmp_path / "mapping.toml").texts == [LONG]


def test_a_mapping_file_names_sheets_and_a_limit(tmp_path):
    path = xlsx_file(tmp_path, sheets={"A": [("x", "y"), (LONG, OTHER)], "B": [("x", "y"), (OTHER, LONG)]})
    (tmp_path / "m.toml").write_text('sheets = ["b"]\nword_limit = 5\n[columns]\ntext = ["y", "x"]\n')
    done = ingest(tmp_path, path, "--map", tmp_path / "m.toml")
    assert done.texts == [f"{LONG}\n\n{OTHER}"]
    assert "of 5" in done.kept[0]["extra"]["flag:over_limit"]


@pytest.mark.parametrize(
    ("content", "words"),
    [("[columns", "is no TOML"), ("colour = 1", "'colour' is not known"), ("[columns]\ntext = 5", "no header or list"),
     ("[columns]\ncolour = 'x'", "there is no field 'colour'"), ("sheets = 5", "sheets is no list"), (None, "No such")],
)  # fmt: skip
def test_a_broken_mapping_file(content, words, tmp_path):
    if content is not None:
        (tmp_path / "m.toml").write_text(content)
    done = ingest(tmp_path, csv_file(tmp_path, f'1,Ann,Self,"{LONG}"'), "--map", tmp_path / "m.toml")
    assert done.code == 2
    assert words in done.stderr


def test_flags_and_groups_reach_the_evidence(tagger):
    from pipeline.records import Nomination

    found = tagger.evidence(Nomination("1", LONG, extra={"flag:test": "why", "duplicate_group": "D1", "x": "y"}))
    assert found["meta"]["flags"] == {"test": "why"}
    assert found["meta"]["duplicate_group"] == "D1"
