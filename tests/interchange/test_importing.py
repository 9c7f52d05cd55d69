"""What a file is, its content says; what it is not, one clear sentence says, whatever the file does to its reader."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from app.interchange.csv_rows import NOT_DOUBLED
from app.interchange.importing import LARGEST, read_any
from app.interchange.xlsform.workbook import MOST_BYTES
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.problems import FileError
from tests.conftest import ROOT
from tests.interchange.xlsform.forms import workbook

SOUND = (ROOT / "tests" / "fixtures" / "sound.yaml").read_bytes()
OLD = (ROOT / "tests" / "fixtures" / "xlsform" / "visit.xls").read_bytes()
SURVEY = [["type", "name", "label"], ["text", "q", "Q"]]
NEW = workbook(survey=SURVEY)
SHEET = "xl/worksheets/sheet1.xml"
DAMAGED = "The workbook is damaged or incomplete. Please save it anew."


def problem(data: bytes, name: str = "form.xlsx") -> str:
    """The one sentence that a file is refused with."""
    with pytest.raises(FileError) as raised:
        read_any(data, name)
    [found] = raised.value.problems
    return str(found)


def changed(data: bytes, **parts: bytes | None) -> bytes:
    """A workbook with other parts, or without: named by their last word."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name in source.namelist():
            key = name.rsplit("/", 1)[-1].split(".")[0]
            content = parts.pop(key) if key in parts else source.read(name)
            if content is not None:
                written.writestr(name, content)
        for name, content in parts.items():
            written.writestr(f"xl/{name}", content or b"")
    return target.getvalue()


def part(data: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read(name)


def test_yaml_is_kept_whole_and_may_get_another_key() -> None:
    imported = read_any(SOUND, "whatever.xlsx")
    assert imported.questionnaire == read_questionnaire(SOUND)
    assert imported.report.counts() == {"question": {"kept": 6, "changed": 0, "dropped": 0}}
    other = read_any(SOUND, "sound.yaml", survey="Another Key")
    assert other.questionnaire.survey == "another-key"
    assert other.questionnaire.hash != imported.questionnaire.hash


@pytest.mark.parametrize("name", ["form.xlsx", "form.lss", "form.yaml", "form", "../../form.csv"])
def test_the_name_does_not_say_what_a_file_is(name: str) -> None:
    assert [q.name for q in read_any(NEW, name).questionnaire.questions] == ["q"]
    assert read_any(OLD, name).report.source == "XLSForm"


def test_names_of_columns_that_data_files_have_are_changed_and_no_others() -> None:
    names = ["quality_rapport", "Quality_Speeding", "base_weight", "paradata_mode", "Paradata", "wave"]
    rows = [["type", "name", "label", "relevant"], *(["text", name, name, ""] for name in names)]
    rows.append(["text", "last", "L", "${paradata_mode} = 'phone' and ${wave} = '1'"])
    imported = read_any(workbook(survey=rows), "form.xlsx")
    expected = [
        "quality_rapport",
        "Quality_Speeding_2",
        "base_weight_2",
        "q_paradata_mode",
        "Paradata",
        "wave_2",
    ]
    questions = imported.questionnaire.questions
    assert [q.name for q in questions] == [*expected, "last"]
    assert questions[-1].relevant == "${q_paradata_mode} = 'phone' and ${wave_2} = '1'"
    assert imported.report.counts()["question"] == {"kept": 3, "changed": 4, "dropped": 0}


def archive(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        for name, text in parts.items():
            written.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "sort"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\x1f\x8b\x08", "a compressed file"),
        (b"SQLite format 3\0", "a database"),
        (archive(word__document_xml="<x/>"), "a text document"),
        (archive(notes="x"), "a compressed file"),
        (b"<!doctype html><html><p>Sign in</p></html>", "a web page"),
        (b"<?xml version='1.0'?><h:html xmlns:h='x'><model/></h:html>", "XML of another program"),
    ],
    # An archive has the time in it, which must not be in the name of a test.
    ids=("pdf", "picture", "gzip", "database", "document", "archive", "page", "xml"),
)
def test_files_of_another_type_are_named(data: bytes, sort: str) -> None:
    assert problem(data).startswith(f"This is {sort}")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b" \n\t", "The file is empty."),
        (b"x" * (LARGEST + 1), f"The file is larger than {LARGEST} bytes."),
        ("survey,\n,型,名\n".encode("shift_jis"), "The file is neither a workbook nor UTF-8 text. Save it as UTF-8."),
        (b"survey,\n,\0,\0", "The file is neither a workbook nor UTF-8 text. Save it as UTF-8."),
        (b"a,b\0c", "The file is neither a workbook nor UTF-8 text. Save it as UTF-8."),
        (b"survey,\n,no,types\n,a,b\n", "The sheet “survey” has no column “type”."),
        (b"choices,\n,list_name,name\n,a,b\n", "The file has no sheet “survey”."),
        (b'survey,\n,type,name\n,text,"never closed\n', "This is not valid CSV. A quotation mark is never closed."),
        (b'survey,\n,type,name\n,text,"a" b\n', f"This is not valid CSV. {NOT_DOUBLED}"),
        (
            b"survey,\n,type,name\n,text," + b"x" * 200_000,
            "This is not valid CSV. A cell is longer than 131072 characters.",
        ),
    ],
)
def test_texts_that_are_none(data: bytes, said: str) -> None:
    assert problem(data) == said


# The length differs from one second to the next, as the file holds when it was made: names that stay.
@pytest.mark.parametrize(
    "length", [4, 100, 1_000, len(NEW) // 2, len(NEW) - 30], ids=["head", "100", "1000", "half", "nearly all"]
)
def test_a_truncated_workbook(length: int) -> None:
    assert problem(NEW[:length] if length > 4 else b"PK\x03\x04") == DAMAGED


@pytest.mark.parametrize("length", [8, 512, 2_000, 6_000])
def test_a_truncated_old_workbook(length: int) -> None:
    assert problem(OLD[:length]) in (DAMAGED, "This is no workbook of Excel 97 to 2003, or a damaged one.")


def test_old_containers_of_other_programs() -> None:
    word = OLD.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le"))
    assert problem(word, "form.xls") == "This is no workbook of Excel 97 to 2003, or a damaged one."
    locked = word.replace(b"\0" * 32, "EncryptedPackage".encode("utf-16-le"), 1)
    assert problem(locked, "form.xlsx") == "The workbook is locked with a password."


@pytest.mark.parametrize("key", ["workbook", "sheet1", "styles"])
def test_entities_are_not_unfolded_and_nothing_outside_is_read(key: str) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    name = {"workbook": "xl/workbook.xml", "sheet1": SHEET, "styles": "xl/styles.xml"}[key]
    content = part(NEW, name)
    start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
    assert problem(changed(NEW, **{key: content[:start] + laughs + content[start:]})) == DAMAGED


def test_what_unpacks_without_end_is_refused_before_it_is_parsed() -> None:
    too_large = f"The workbook is too large: unpacked, it has more than {MOST_BYTES} bytes."
    bomb = changed(NEW, sheet1=b"<worksheet>" + b" " * (MOST_BYTES + 1) + b"</worksheet>")
    assert len(bomb) < 100_000
    assert problem(bomb) == too_large
    assert problem(changed(NEW, sheet1=b"<worksheet>" + b"<x/>" * 1_000_000 + b"</worksheet>")) == too_large
    assert problem(changed(NEW, **{f"part{n}": b"" for n in range(2_001)})) == too_large
    # A directory that lies about the size of a part: what comes out is counted, not what is said.
    lying = bomb.replace(struct.pack("<L", MOST_BYTES + 24), struct.pack("<L", 100))
    assert problem(lying) in (too_large, DAMAGED)


def rows_of(count: int) -> bytes:
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>text</t></is></c></row>'
    cells = "".join(row.format(number) for number in range(2, count + 2))
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c></row>'
    content = part(NEW, SHEET).decode()
    data = f"{content[: content.index('<sheetData>')]}<sheetData>{head}{cells}</sheetData></worksheet>"
    return changed(NEW, sheet1=data.encode())


def test_a_hundred_thousand_rows() -> None:
    assert problem(rows_of(40_000)) == "The sheet “survey” has more than 30000 rows."
    assert problem(rows_of(100_000)).startswith("The workbook is too large")
    assert problem(rows_of(2_000)) == "The questionnaire has more than 1000 questions."
    text = "survey,,\n,type,name\n" + ",text,\n" * 100_000
    assert problem(text.encode(), "form.csv") == "The sheet “survey” has more than 30000 rows."
    table = "| survey |\n| | type | name |\n" + "| | text | |\n" * 100_000
    assert problem(table.encode(), "form.md") == "The sheet “survey” has more than 30000 rows."


def test_a_lone_cell_far_away_costs_nothing() -> None:
    content = part(NEW, SHEET).replace(b'r="A2"', b'r="XFD1048576"').replace(b'<row r="2"', b'<row r="1048576"')
    assert problem(changed(NEW, sheet1=content)) == "The sheet “survey” has more than 300 columns."
    below = part(NEW, SHEET).replace(b'2"', b'999999999"')
    assert [q.name for q in read_any(changed(NEW, sheet1=below), "form.xlsx").questionnaire.questions] == ["q"]


def test_a_hundred_thousand_questions_groups_and_choices() -> None:
    deep = "survey,,\n,type,name\n" + ",begin_group,g\n" * 20_000
    assert problem(deep.encode(), "form.csv") == "Groups are nested more than 20 deep."
    many = "survey,,\n,type,name\n" + "".join(f",text,q{n}\n" for n in range(20_000))
    assert problem(many.encode(), "form.csv") == "The questionnaire has more than 1000 questions."
    asked = "survey,,\n,type,name\n" + "".join(f",select_one l,q{n}\n" for n in range(900))
    choices = "choices,,\n,list_name,name\n" + "".join(",l,same\n" for _ in range(400))
    assert problem((asked + choices).encode(), "form.csv") == "The questions have more than 50000 options together."


def csv_form(*rows: str) -> bytes:
    return "\n".join(["survey,", ",type,name,label,calculation", *rows, ",text,t,T,"]).encode()


def test_a_number_of_very_many_digits() -> None:
    for number in ("9" * 5_000, "-" + "9" * 5_000):
        data = b'{"elements": [{"type": "rating", "name": "q", "rateMax": %s}]}' % number.encode()
        assert problem(data, "form.json") == f"The number {number[:40]} is too large."


def test_calculations_in_a_circle_go_with_what_hangs_on_them() -> None:
    rows = [f",calculate,c{number},,${{c{(number + 1) % 300}}} + 1" for number in range(300)]
    imported = read_any(csv_form(*rows), "form.csv")
    assert [question.name for question in imported.questionnaire.questions] == ["t"]
    assert imported.report.counts()["question"] == {"kept": 1, "changed": 0, "dropped": 300}


@pytest.mark.parametrize(
    "expression",
    ["(" * 15_000 + "1" + ")" * 15_000, "not(" * 7_000 + "1" + ")" * 7_000, "- " * 15_000 + "1", "if(1," * 7_000],
)
def test_an_expression_nested_without_end_is_dropped(expression: str) -> None:
    imported = read_any(csv_form(f',calculate,c,,"{expression}"'), "form.csv")
    assert [question.name for question in imported.questionnaire.questions] == ["t"]


def test_a_cell_as_long_as_a_book() -> None:
    long = f"survey,,,\n,type,name,label\n,text,q,{'x' * 50_000}\n"
    assert problem(long.encode(), "form.csv") == "A cell of the sheet “survey” is longer than 40000 characters."
    less = f"survey,,,\n,type,name,label\n,text,q,{'x' * 20_000}\n"
    imported = read_any(less.encode(), "form.csv")
    assert len(imported.questionnaire.questions[0].label["en"]) == 10_000
    assert "It is longer than 10000 characters, and was cut there." in imported.report.text()


def test_macros_are_said_and_formulas_give_what_they_gave() -> None:
    data = workbook(survey=[*SURVEY, ["text", "r", "=A1"], ["text", "s", "=A2"]])
    sheet = part(data, SHEET).replace(b"<f>A1</f><v />", b"<f>A1</f><v>kept value</v>")
    sheet = sheet.replace(b'r="C3"', b'r="C3" t="str"')
    imported = read_any(changed(data, sheet1=sheet, **{"vbaProject.bin": b"\xcc\x61"}), "form.xlsm")
    told = {str(entry) for entry in imported.report.told()}
    assert "survey macros: dropped. Macros are not run, and not kept." in told
    assert "survey!C3 label “r”: changed. It is a formula: what it gave last was taken." in told
    assert "survey!C4 label: dropped. It is a formula, and the file does not hold what it gave." in told
    assert imported.questionnaire.questions[1].label == {"en": "kept value"}


def test_a_sheet_of_very_many_cells_that_nobody_reads() -> None:
    head = ",type,name," + ",".join(f"x{n}" for n in range(290))
    rows = "".join(f",note,n{n}," + ",".join("1" * 290) + "\n" for n in range(600))
    assert problem(f"survey\n{head}\n{rows}".encode(), "form.csv") == "The sheet “survey” has more than 150000 cells."


def test_long_lists_are_not_written_into_very_many_questions() -> None:
    asked = "survey,,,\n,type,name,label\n" + "".join(f",select_one l,q{n},Q\n" for n in range(90))
    choices = "choices,,,\n,list_name,name,label\n" + "".join(f",l,c{n},{'x' * 500}\n" for n in range(400))
    too_long = "The questionnaire has more than 4000000 characters, options counted with each question that has them."
    assert problem((asked + choices).encode(), "form.csv") == too_long
    texts = "survey,,,\n,type,name,label\n" + "".join(f",text,q{n},{'x' * 9_000}\n" for n in range(500))
    assert problem(texts.encode(), "form.csv") == too_long
