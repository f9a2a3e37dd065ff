"""boto3 with documents, and the two libraries that read Textract's answers: Textractor and the response parser."""

import json
import time
import uuid

import pytest
import trp
from botocore.exceptions import ClientError
from textractor.parsers import response_parser
from trp.trp2 import TDocumentSchema
from trp.trp2_analyzeid import TAnalyzeIdDocumentSchema
from trp.trp2_expense import TAnalyzeExpenseDocumentSchema


class Paper:
    """A PDF of letter pages with text in standard fonts and straight lines; places are counted from the upper left."""

    def __init__(self):
        self.pages = [[]]

    def page(self):
        self.pages.append([])
        return self

    def text(self, x, y, size, text, font="F1"):
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self.pages[-1].append(f"BT /{font} {size} Tf {x} {792 - y} Td ({escaped}) Tj ET")
        return self

    def bold(self, x, y, size, text):
        return self.text(x, y, size, text, "F2")

    def line(self, from_x, from_y, to_x, to_y):
        self.pages[-1].append(f"0.8 w {from_x} {792 - from_y} m {to_x} {792 - to_y} l S")
        return self

    def frame(self, left, top, width, height):
        right, bottom = left + width, top + height
        self.line(left, top, right, top).line(left, bottom, right, bottom)
        return self.line(left, top, left, bottom).line(right, top, right, bottom)

    def grid(self, xs, top, height, rows):
        """A ruled table; a cell that is None goes on with the cell to its left."""
        for number in range(len(rows) + 1):
            self.line(xs[0], top + number * height, xs[-1], top + number * height)
        for number, row in enumerate(rows):
            y = top + number * height
            for column in range(len(xs)):
                if column in (0, len(xs) - 1) or row[column] is not None:
                    self.line(xs[column], y, xs[column], y + height)
            for column, text in enumerate(row):
                if text:
                    self.text(xs[column] + 4, y + 0.7 * height, 10, text)
        return self

    def pdf(self):
        objects = [b"<< /Type /Catalog /Pages 2 0 R >>", None]
        for name in ("Helvetica", "Helvetica-Bold", "Courier"):
            objects.append(f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} >>".encode())
        kids = []
        for page in self.pages:
            content = "\n".join(page).encode("latin-1")
            objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
            objects.append(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
                b" /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> >>" % len(objects)
            )
            kids.append(len(objects))
        objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
            len(kids),
            b" ".join(b"%d 0 R" % kid for kid in kids),
        )
        file = b"%PDF-1.4\n"
        places = []
        for number, body in enumerate(objects, 1):
            places.append(len(file))
            file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = len(file)
        file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        file += b"".join(b"%010d 00000 n \n" % place for place in places)
        return file + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)


def invoice():
    paper = Paper().bold(60, 70, 20, "Northwind Tools").text(60, 90, 10, "12 Harbor Street, Portland, OR 97201")
    paper.bold(430, 70, 16, "INVOICE")
    paper.text(60, 150, 11, "Invoice number: NT-20417").text(60, 168, 11, "Invoice date: 03/14/2026")
    paper.grid(
        [60, 300, 360, 450, 550],
        230,
        20,
        [
            ["Description", "Qty", "Unit Price", "Amount"],
            ["Claw hammer", "2", "$18.50", "$37.00"],
            ["Steel screws", "10", "$0.40", "$4.00"],
        ],
    )
    paper.text(380, 340, 11, "Subtotal").text(505, 340, 11, "$41.00")
    return paper.bold(380, 358, 11, "Total").text(505, 358, 11, "$41.00").pdf()


def receipt():
    paper = Paper().bold(220, 60, 16, "CORNER CAFE").text(222, 80, 10, "03/02/2026 14:22")
    for number, (item, price) in enumerate([("Flat white", "3.80"), ("Carrot cake", "4.50"), ("Total", "8.30")]):
        paper.text(200, 120 + 16 * number, 11, item).text(340, 120 + 16 * number, 11, price)
    return paper.pdf()


def form():
    paper = Paper().bold(60, 70, 20, "Membership Application")
    paper.text(60, 120, 11, "Full name: Juan Perez").text(60, 140, 11, "Date of birth: 05/23/1981")
    paper.frame(60, 190, 11, 11).line(62, 192, 69, 199).line(69, 192, 62, 199).text(78, 200, 11, "Resident")
    return paper.frame(200, 190, 11, 11).text(218, 200, 11, "Student").pdf()


def merged_table():
    paper = Paper().text(60, 150, 11, "Table 1. Fees of the last years")
    return paper.grid(
        [60, 200, 340, 480],
        160,
        20,
        [["Fees in dollars", None, None], ["Year", "Adults", "Children"], ["2024", "120.00", "60.00"], ["2025", "130.00", "65.00"]],
    ).pdf()


def article():
    words = "the harbor was full of ships that morning and every one of them had come from far away to trade".split()
    paper = Paper().bold(60, 60, 22, "A Morning at the Harbor")
    for column, left in enumerate((60, 320)):
        for row in range(20):
            start = (7 * row + 3 * column) % 12
            paper.text(left, 110 + 13 * row, 10, " ".join(words[start : start + 8]))
    return paper.text(300, 770, 9, "7").pdf()


def passport():
    paper = Paper().bold(60, 70, 16, "PASSPORT")
    paper.text(40, 400, 14, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "F3")
    return paper.text(40, 420, 14, "L898902C36UTO7408122F1204159ZE184226B<<<<<10", "F3").pdf()


def licence():
    paper = Paper().bold(150, 80, 18, "OREGON").bold(320, 80, 13, "DRIVER LICENSE")
    rows = ["4d DLN 4182236", "4b EXP 05/23/2031", "1 BYRON", "2 ADA MAY", "8 12 HARBOR ST", "SALEM, OR 97301", "3 DOB 05/23/1981"]
    for number, row in enumerate(rows):
        paper.text(170, 120 + 18 * number, 12, row)
    return paper.pdf()


def statement():
    paper = Paper().bold(60, 70, 18, "First Harbor Bank").text(60, 100, 10, "Account number: 118-204-77")
    rows = [["Date", "Details", "Withdrawn", "Paid in", "Balance"], ["03/01", "Opening balance", "", "", "812.40"]]
    rows += [[f"03/{day:02}", "Card payment", f"{day}.50", "", f"{800 - day}.10"] for day in range(2, 12)]
    return paper.grid([60, 120, 280, 370, 460, 552], 130, 18, rows).pdf()


def contract():
    paper = Paper().bold(200, 70, 18, "Service Agreement")
    for number, heading in enumerate(["Term of the Agreement", "Payments"]):
        top = 120 + 130 * number
        paper.bold(60, top, 13, f"{number + 1}. {heading}")
        for row in range(3):
            paper.text(60, top + 22 + 13 * row, 10, "Either party may end this agreement at the end of any month in writing.")
        for row, mark in enumerate("ab"):
            paper.text(72, top + 70 + 13 * row, 10, f"({mark}) unless both agree otherwise")
    paper.text(60, 614, 10, "Signature of Owner:").line(155, 616, 300, 616)
    for step in range(30):
        x, y = 165 + 3 * step, 606 + (9 if step % 2 else -7)
        paper.line(x, y, x + 3, 606 + (-7 if step % 2 else 9))
    return paper.text(300, 765, 9, "Page 1").pdf()


def letter(pages):
    paper = Paper()
    for number in range(1, pages + 1):
        if number > 1:
            paper.page()
        paper.text(72, 100, 12, f"This is page {number} of the letter.")
    return paper.pdf()


def page():
    return letter(1)


@pytest.fixture
def textract(aws):
    return aws("textract")


@pytest.fixture
def bucket(aws):
    s3 = aws("s3")
    name = "papers-" + uuid.uuid4().hex[:10]
    s3.create_bucket(Bucket=name)
    yield name
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
        for entry in page.get("Contents", []):
            s3.delete_object(Bucket=name, Key=entry["Key"])
    s3.delete_bucket(Bucket=name)


def analyzed(textract, document, *features, **settings):
    answer = textract.analyze_document(Document={"Bytes": document}, FeatureTypes=list(features), **settings)
    answer.pop("ResponseMetadata")
    return answer


def finished(get, job):
    deadline = time.monotonic() + 60
    while True:
        answer = get(JobId=job)
        if answer["JobStatus"] != "IN_PROGRESS":
            return answer
        assert time.monotonic() < deadline, "the job did not end"
        time.sleep(0.1)


ALL = ("TABLES", "FORMS", "LAYOUT", "SIGNATURES")
KINDS = [invoice, receipt, form, merged_table, article, passport, licence, statement, contract, page]


@pytest.mark.parametrize("paper", KINDS, ids=lambda paper: paper.__name__)
def test_both_libraries_read_every_kind_of_document(textract, paper):
    answer = analyzed(textract, paper(), *ALL)

    document = response_parser.parse(answer)
    TDocumentSchema().load(answer)

    lines = [block["Text"] for block in answer["Blocks"] if block["BlockType"] == "LINE"]
    assert lines == [line.text for line in trp.Document(answer).pages[0].lines]
    assert sorted(word for line in lines for word in line.split()) == sorted(word.text for word in document.words)


def test_forms_have_keys_values_and_boxes_to_tick(textract):
    answer = analyzed(textract, form(), "FORMS")

    fields = trp.Document(answer).pages[0].form.fields
    document = response_parser.parse(answer)

    assert {str(field.key): str(field.value) for field in fields} == {
        "Full name:": "Juan Perez",
        "Date of birth:": "05/23/1981",
        "Resident": "SELECTED",
        "Student": "NOT_SELECTED",
    }
    assert document.get("full name")[0].value.text.strip() == "Juan Perez"
    assert [box.is_selected() for box in document.checkboxes] == [True, False]


def test_tables_have_merged_cells_headers_and_titles(textract):
    answer = analyzed(textract, merged_table(), "TABLES")

    table = response_parser.parse(answer).tables[0]
    merged = [block for block in answer["Blocks"] if block["BlockType"] == "MERGED_CELL"]

    assert (table.row_count, table.column_count) == (4, 3)
    assert table.title.text == "Table 1. Fees of the last years"
    assert [cell.text.strip() for cell in table.table_cells if cell.row_index == 3] == ["2024", "120.00", "60.00"]
    assert [(cell["RowIndex"], cell["ColumnIndex"], cell["RowSpan"], cell["ColumnSpan"]) for cell in merged] == [(1, 1, 1, 3)]
    assert all(cell.is_column_header for cell in table.table_cells if cell.row_index == 2)


def test_two_columns_are_read_one_after_the_other(textract):
    answer = analyzed(textract, article(), "LAYOUT")

    layout = [block for block in answer["Blocks"] if block["BlockType"].startswith("LAYOUT_")]
    left = [block["Geometry"]["BoundingBox"]["Left"] for block in layout if block["BlockType"] == "LAYOUT_TEXT"]

    assert layout[0]["BlockType"] == "LAYOUT_TITLE"
    assert layout[-1]["BlockType"] == "LAYOUT_PAGE_NUMBER"
    assert left == sorted(left)
    assert response_parser.parse(answer).get_text().index("A Morning") == 0


def test_queries_are_answered(textract):
    answer = analyzed(
        textract,
        form(),
        "QUERIES",
        QueriesConfig={"Queries": [{"Text": "When was the member born? Date of birth", "Alias": "BORN"}]},
    )

    query = response_parser.parse(answer).queries[0]

    assert (query.alias, query.result.answer) == ("BORN", "05/23/1981")


@pytest.mark.parametrize("paper, vendor, total", [(invoice, "Northwind Tools", "$41.00"), (receipt, "CORNER CAFE", "8.30")])
def test_expenses_have_fields_and_line_items(textract, paper, vendor, total):
    answer = textract.analyze_expense(Document={"Bytes": paper()})
    answer.pop("ResponseMetadata")

    TAnalyzeExpenseDocumentSchema().load(answer)
    expense = response_parser.parse(answer).expense_documents[0]

    assert expense.summary_fields["VENDOR_NAME"][0].value.text == vendor
    assert expense.summary_fields["TOTAL"][0].value.text == total
    items = answer["ExpenseDocuments"][0]["LineItemGroups"][0]["LineItems"]
    assert len(items) == 2


def test_passports_are_read(textract):
    answer = textract.analyze_id(DocumentPages=[{"Bytes": passport()}])
    answer.pop("ResponseMetadata")

    TAnalyzeIdDocumentSchema().load(answer)
    paper = response_parser.parse(answer).identity_documents[0]

    assert paper.get("LAST_NAME") == "ERIKSSON"
    birth = [
        field["ValueDetection"]["NormalizedValue"]["Value"]
        for field in answer["IdentityDocuments"][0]["IdentityDocumentFields"]
        if field["Type"]["Text"] == "DATE_OF_BIRTH"
    ]
    assert birth == ["1974-08-12T00:00:00"]


def test_contracts_have_sections_lists_and_signatures(textract):
    answer = analyzed(textract, contract(), "LAYOUT", "SIGNATURES")

    kinds = [block["BlockType"] for block in answer["Blocks"] if block["BlockType"].startswith("LAYOUT_")]

    assert kinds[0] == "LAYOUT_TITLE"
    assert kinds.count("LAYOUT_SECTION_HEADER") == 2
    assert kinds.count("LAYOUT_LIST") == 2
    assert kinds[-1] == "LAYOUT_PAGE_NUMBER"
    assert len(response_parser.parse(answer).signatures) == 1


def test_driving_licences_are_read(textract):
    answer = textract.analyze_id(DocumentPages=[{"Bytes": licence()}])
    answer.pop("ResponseMetadata")

    paper = response_parser.parse(answer).identity_documents[0]

    assert (paper.get("LAST_NAME"), paper.get("DOCUMENT_NUMBER"), paper.get("CITY_IN_ADDRESS")) == ("BYRON", "4182236", "SALEM")


def test_jobs_read_all_pages(aws, textract, bucket):
    aws("s3").put_object(Bucket=bucket, Key="letter.pdf", Body=letter(3))
    place = {"S3Object": {"Bucket": bucket, "Name": "letter.pdf"}}

    text = textract.start_document_text_detection(DocumentLocation=place, OutputConfig={"S3Bucket": bucket})["JobId"]
    analysis = textract.start_document_analysis(DocumentLocation=place, FeatureTypes=["LAYOUT"])["JobId"]
    expense = textract.start_expense_analysis(DocumentLocation=place)["JobId"]

    found = finished(textract.get_document_text_detection, text)
    assert (found["JobStatus"], found["DocumentMetadata"]["Pages"]) == ("SUCCEEDED", 3)
    pages = finished(textract.get_document_analysis, analysis)
    pages.pop("ResponseMetadata")
    assert [page.page_num for page in response_parser.parse(pages).pages] == [1, 2, 3]
    assert len(finished(textract.get_expense_analysis, expense)["ExpenseDocuments"]) == 3
    stored = aws("s3").get_object(Bucket=bucket, Key=f"textract_output/{text}/1")["Body"].read()
    assert len(response_parser.parse(json.loads(stored)).lines) == 3
    first = textract.get_document_text_detection(JobId=text, MaxResults=2)
    second = textract.get_document_text_detection(JobId=text, MaxResults=1000, NextToken=first["NextToken"])
    assert [block["Id"] for block in first["Blocks"] + second["Blocks"]] == [block["Id"] for block in found["Blocks"]]


def code(call, **parameters):
    with pytest.raises(ClientError) as failure:
        call(**parameters)
    return failure.value.response["Error"]["Code"]


def test_mistakes_have_the_codes_of_aws(textract, bucket):
    detect = textract.detect_document_text
    assert code(detect, Document={"Bytes": b"neither image nor PDF"}) == "UnsupportedDocumentException"
    assert code(detect, Document={"Bytes": letter(2)}) == "UnsupportedDocumentException"
    assert code(detect, Document={"S3Object": {"Bucket": bucket, "Name": "none"}}) == "InvalidS3ObjectException"
    assert code(detect, Document={}) == "InvalidParameterException"
    assert code(textract.get_document_analysis, JobId="0" * 64) == "InvalidJobIdException"
    assert (
        code(textract.analyze_document, Document={"Bytes": letter(1)}, FeatureTypes=["QUERIES"])
        == "InvalidParameterException"
    )
