"""Small lists of all kinds, imported: shops, address books, phones, notes, months, blocks."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import yaml
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tests.command_line import Finished, Run

DAY = ("--today", "2026-11-21")
Rows = list[dict[str, object]]


def table(base: str, sheet: str) -> Rows:
    rows = list(openpyxl.load_workbook(base)[sheet].iter_rows(values_only=True))
    found = [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]
    return [one for one in found if any(cell is not None for cell in one.values())]


def imported(run: Run, *names: str, to: str = "base.xlsx") -> Finished:
    told = run("import", *names, "--to", to, "--yes", *DAY)
    assert told.code == 0, told.err
    return told


def bought(base: str = "base.xlsx") -> list[tuple[str, str, float]]:
    """Client, day and amount of each purchase."""
    names = {one["ID"]: str(one["Name"]) for one in table(base, "Clients")}
    return [
        (names[one["Client ID"]], f"{one['Date']:%Y-%m-%d}", float(str(one["Amount"])))
        for one in table(base, "Purchases")
    ]


def day(cell: object) -> str:
    return f"{cell:%Y-%m-%d}"


def sheet_of(book: openpyxl.Workbook) -> Worksheet:
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return sheet


ORDERS = """Order ID,Order Date,Customer Name,Email,Phone,Product,Qty,Unit Price,Total,Status
1001,10/16/2026,Anna Smith,anna@example.com,(212) 555-0101,Lipstick,2,$12.50,$25.00,Completed
1002,10/17/2026,Liz Jones,liz@example.com,212-555-0102,Cream,1,"$1,234.50","$1,234.50",Completed
1003,"Oct 18, 2026",Elizabeth Jones,liz@example.com,212-555-0102,Soap,1,5.00,5.00,Refunded
1004,2026-10-19 14:22:00,ANNA SMITH,anna@example.com,2125550101,Mask,1,30,30,Delivered
1005,10/20/2026,Bob O'Neil,,,Gift card,1,50,50,completed
,,,,,,,,Total,"1,344.50"
"""


def test_an_american_export_of_orders_comes_in_without_a_configuration(run: Run) -> None:
    Path("orders.csv").write_text(ORDERS)
    told = imported(run, "orders.csv")
    assert bought() == [
        ("Anna Smith", "2026-10-16", 25.0),
        ("Elizabeth Jones", "2026-10-17", 1234.5),
        ("Anna Smith", "2026-10-19", 30.0),
        ("Bob O'Neil", "2026-10-20", 50.0),
    ]
    assert "status Refunded: 1" in told.out
    assert "the total says 1 344.50" not in told.out  # it agrees, the refund included


def test_an_order_of_several_lines_counts_once(run: Run) -> None:
    Path("shop.csv").write_text(
        "Name,Email,Financial Status,Created at,Total,Lineitem name,Lineitem price,Billing Name\n"
        "#1001,anna@example.com,paid,2026-10-01 09:59:00 -0400,59.00,Cream,30.00,Anna Smith\n"
        "#1001,anna@example.com,,2026-10-01 09:59:00 -0400,,Soap,10.00,\n"
        "#1002,bob@example.com,paid,2026-10-02 09:59:00 -0400,26.00,Mask,20.00,Bob Stone\n"
    )
    imported(run, "shop.csv")
    assert bought() == [("Anna Smith", "2026-10-01", 59.0), ("Bob Stone", "2026-10-02", 26.0)]
    assert [one["Product"] for one in table("base.xlsx", "Purchases")] == ["Cream, Soap", "Mask"]


def test_an_address_book_of_google_comes_in_without_a_configuration(run: Run) -> None:
    Path("contacts.csv").write_text(
        "First Name,Middle Name,Last Name,Organization Name,Birthday,Notes,Labels,"
        "E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - City\n"
        "Anna,Marie,Petrova,,1980-05-12,likes tea,* myContacts,a@example.com,Mobile,"
        "+1 212-555-0101 ::: +1 212-555-0103,Boston\n"
        "Bella,,Jones,,--05-13,,* myContacts,,,212 555 0102,\n"
        ",,,,,,* otherContacts,noreply@example.com,,,\n"
    )
    told = imported(run, "contacts.csv")
    clients = table("base.xlsx", "Clients")
    assert [one["Name"] for one in clients] == ["Anna Marie Petrova", "Bella Jones"]
    assert clients[0]["Phone"] == "+1 212-555-0101, +1 212-555-0103"
    assert day(clients[0]["Birthday"]) == "1980-05-12"
    assert clients[1]["Birthday"] == "05/13"
    assert "noreply@example.com" in told.out
    assert "Phone 1 - Label" in told.out


CARDS = {
    "2.1": (
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=89mile;Zo=C3=A9\n"
        "TEL;CELL:+12125550101\nBDAY:19800512\n"
        "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD\n ChQODwwQFxQYGBcUFhYaHSUf\n\n"
    ),
    "3.0": "N:\u00c9mile;Zo\u00e9;;;\nFN:Zo\u00e9\nitem1.TEL;type=CELL:(212) 555-0101\nBDAY:1980-05-12\n",
    "4.0": "FN:Zo\u00e9\nN:\u00c9mile;Zo\u00e9;;;\nTEL;VALUE=uri;TYPE=cell:tel:+1-212-555-0101\nBDAY:19800512\n",
}


@pytest.mark.parametrize("version", CARDS)
def test_cards_of_a_phone_come_in_without_a_configuration(run: Run, version: str) -> None:
    card = f"BEGIN:VCARD\nVERSION:{version}\n{CARDS[version]}END:VCARD\n"
    Path("phone.vcf").write_text(card, encoding="utf-8", newline="\r\n")
    told = imported(run, "phone.vcf")
    (client,) = table("base.xlsx", "Clients")
    assert client["Name"] == "Zo\u00e9 \u00c9mile"
    assert client["Phone"] == "+1 212-555-0101"
    assert day(client["Birthday"]) == "1980-05-12"
    assert ("picture" in told.out) == (version == "2.1")


def months() -> None:
    """A list with titles, colours, a comment, months across, and totals."""
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    sheet.title = "My ladies"
    for row in (
        ["My ladies 2026"], ["green = VIP, pink = don't call"], [],
        ["First Name", "Last Name", "Cell", "B-day", "Jan", "Feb", "March", "Q2", "Total"],
        ["Anna", "Smith", "212-555-0101", "5/12", 25, None, "$30", 100.5, 155.5],
        ["Liz", "Jones", "212 555 0102", "3/8/1980", 10, 20, "return 5", None, 30],
        ["TOTAL", None, None, None, 35, 20, 30, 100.5, 185.5],
    ):  # fmt: skip
        sheet.append(row)
    for number, colour in ((5, "90EE90"), (6, "FFC0CB")):
        for cell in sheet[number]:
            cell.fill = PatternFill("solid", fgColor=colour)
    sheet["B6"].comment = Comment("moved in May", "me")
    book.save("months.xlsx")


def test_months_across_become_purchases_and_colours_words(run: Run) -> None:
    months()
    told = imported(run, "months.xlsx")
    assert bought() == [
        ("Anna Smith", "2026-01-31", 25.0),
        ("Liz Jones", "2026-01-31", 10.0),
        ("Liz Jones", "2026-02-28", 20.0),
        ("Anna Smith", "2026-03-31", 30.0),
        ("Liz Jones", "2026-03-31", -5.0),
        ("Anna Smith", "2026-06-30", 100.5),
    ]
    anna, liz = table("base.xlsx", "Clients")
    assert (anna["Segment"], anna["Do not contact"]) == ("VIP", None)
    assert (liz["Segment"], liz["Do not contact"]) == (None, "yes")
    assert liz["Notes"] == "moved in May"
    assert "I6: the total says 30, what it sums came to 25" in told.out


def test_blocks_are_filled_down_and_years_found(run: Run) -> None:
    Path("sales.csv").write_text(
        "Sales autumn 2025;;;\nDate;Client;Product;Amount\n"
        "09/12;Anna Smith;cream;12\n;;soap;4.50\n10/03/2025;Liz Jones;mask;7\n11/20;Anna Smith;tea;1\n"
        "Subtotal;;;24.5\n;;lost;3\n"
    )
    told = imported(run, "sales.csv")
    assert [one[1:] for one in bought()] == [
        ("2025-09-12", 12.0), ("2025-09-12", 4.5), ("2025-10-03", 7.0), ("2025-11-20", 1.0),
    ]  # fmt: skip
    assert "D8: lost, 3" in told.out  # below a total nobody goes on


def test_what_is_unsure_of_a_name_is_asked_and_the_plan_answers(run: Run) -> None:
    Path("clients.csv").write_text("Name;Phone\nMary Smith;1\nMartha Smith;2\nLiz Jones;3\n")
    Path("sales.csv").write_text(
        "Date;Client;Amount\n10/01/2026;M. Smith;1\n10/02/2026;Elizabeth Jones;2\n"
        "10/03/2026;myself;3\n10/04/2026;New Neighbor;4\n"
    )
    names = ("clients.csv", "sales.csv")
    told = run("import", *names, "--to", "base.xlsx", *DAY)
    assert not Path("base.xlsx").exists()
    assert "M. Smith (sales.csv, 2): proposed nothing" in told.out
    plan = Path("clients.plan.yaml")
    content = yaml.safe_load(plan.read_text())
    assert content["people"]["Elizabeth Jones"]["proposal"] == "Liz Jones"
    assert content["people"]["M. Smith"]["like"] == ["Mary Smith", "Martha Smith"]
    content["people"]["M. Smith"]["answer"] = "Martha Smith"
    content["people"]["New Neighbor"]["answer"] = "leave out"
    plan.write_text(yaml.safe_dump(content))
    imported(run, *names)
    assert [one[0] for one in bought()] == ["Martha Smith", "Liz Jones"]


@pytest.mark.parametrize(("name", "city"), [("name", "city"), ("Name", "Town"), ("ФИО", "Город")])
def test_a_plan_says_what_a_sheet_and_its_columns_are(run: Run, name: str, city: str) -> None:
    Path("odd.csv").write_text("Lady;Where;Spend\nAnna Smith;Boston;5\nLiz Jones;Salem;6\n")
    run("import", "odd.csv", *DAY)
    assert not Path("odd.plan.yaml").exists() or "kind: other" in Path("odd.plan.yaml").read_text()
    Path("odd.plan.yaml").write_text(
        "sheets:\n  odd.csv:\n    kind: clients\n    headings: [1]\n"
        f"    columns: {{Lady: {name}, Where: {city}, Spend: '-'}}\n"
    )
    told = imported(run, "odd.csv")
    assert [(one["Name"], one["City"]) for one in table("base.xlsx", "Clients")] == [
        ("Anna Smith", "Boston"), ("Liz Jones", "Salem"),
    ]  # fmt: skip
    assert "Columns that aren't carried over: Spend" in told.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("people: [", "line 1 can't be read; an answer stands after 'answer:'"),
        ("people:\n  Liz:\n    answer: '' new", "line 3 can't be read"),
        ("sheets: {a.csv: {kind: ladies}}", "'sheets / a.csv / kind' is 'ladies', which isn't"),
        ("peopel: {}", "'peopel' isn't understood"),
        ("statuses: {Open: {answer: perhaps}}", "the answer 'perhaps' isn't understood"),
    ],
)
def test_a_plan_that_is_not_understood_is_told(run: Run, text: str, words: str) -> None:
    Path("orders.csv").write_text(
        "Date;Client;Amount;Status\n10/01/2026;Anna Smith;1;Open\n10/02/2026;Anna Smith;1;Done\n"
    )
    Path("plan.yaml").write_text(text)
    told = run("import", "orders.csv", "--plan", "plan.yaml", *DAY)
    assert told.code == 2
    assert words in told.err


def test_a_row_without_a_client_but_with_a_day_of_its_own_is_named(run: Run) -> None:
    Path("sales.csv").write_text(
        "Date;Client;Product;Amount\n10/01/2026;Anna Smith;cream;1\n;;soap;2\n"
        "10/03/2026;;tea;3\n10/04/2026;Liz Jones;mask;4\n"
    )
    told = imported(run, "sales.csv")
    assert "got the client of the row above: 2." in told.out
    assert "look whose they are: D4." in told.out


def test_of_a_base_that_the_program_filled_only_what_she_typed_is_taken(run: Run) -> None:
    assert run("example", "old.xlsx", *DAY).code == 0
    assert run("recalc", "old.xlsx", *DAY).code == 0
    told = imported(run, "old.xlsx")
    assert "old.xlsx / Today" in told.out.partition("a whole sheet: ")[2]
    for sheet in ("Clients", "Contacts"):
        was, now = table("old.xlsx", sheet), table("base.xlsx", sheet)
        assert len(now) == len(was)
        assert not set(now[0]) - set(was[0])


def test_a_newer_list_adds_what_is_new_and_tells_what_differs(run: Run) -> None:
    head = "Date;Client;Phone;Product;Amount\n"
    first = "10/01/2026;Anna Smith;212-555-0101;cream;10\n10/02/2026;Liz Jones;;soap;5\n"
    Path("sales.csv").write_text(head + first)
    imported(run, "sales.csv")
    told = imported(run, "sales.csv")
    assert "There is nothing to be written." in told.out
    Path("sales.csv").write_text(
        head + first.replace("soap;5", "soap;6") + "11/02/2026;Liz Jones;;tea;3\n"
        "11/02/2026;Bob Stone;;tea;3\n"
    )
    told = imported(run, "sales.csv")
    assert "10/02/2026 Liz Jones soap 6; the base has 5" in told.out
    assert bought()[2:] == [("Liz Jones", "2026-11-02", 3.0), ("Bob Stone", "2026-11-02", 3.0)]
    assert run("undo", "base.xlsx").code == 0
    assert len(bought()) == 2
    assert [one["Name"] for one in table("base.xlsx", "Clients")] == ["Anna Smith", "Liz Jones"]


def test_what_she_typed_since_stays_when_an_import_is_undone(run: Run) -> None:
    Path("one.csv").write_text("Name;Phone\nAnna Smith;212-555-0101\n")
    Path("two.csv").write_text("Name;Phone\nBob Stone;212-555-0102\n")
    imported(run, "one.csv")
    imported(run, "two.csv")
    book = openpyxl.load_workbook("base.xlsx")
    book["Clients"]["E2"] = "typed@example.com"
    book.save("base.xlsx")
    assert run("undo", "base.xlsx").code == 0
    (anna,) = table("base.xlsx", "Clients")
    assert "typed@example.com" in anna.values()


def test_rows_of_one_client_become_one_and_others_of_her_name_stay_two(run: Run) -> None:
    Path("clients.csv").write_text(
        "Name;Phone;Birthday;City\nAnna Smith;212-555-0101;;Boston\n"
        "Smith Anna;(212) 555 0101;5/12/1980;\nLiz Jones;212-555-0102;;\nLiz Jones;212-555-0103;;\n"
    )
    imported(run, "clients.csv")
    clients = table("base.xlsx", "Clients")
    assert [one["Name"] for one in clients] == ["Anna Smith", "Liz Jones", "Liz Jones"]
    assert clients[0]["City"] == "Boston"
    assert day(clients[0]["Birthday"]) == "1980-05-12"


def test_a_page_of_the_web_under_the_name_of_a_workbook_is_read(run: Run) -> None:
    Path("report.xls").write_text(
        "<html><body><table><tr><th>Date</th><th>Customer</th><th>Amount</th></tr>"
        "<tr><td>10/01/2026</td><td>Anna Smith</td><td>$5.00</td></tr></table></body></html>"
    )
    imported(run, "report.xls")
    assert bought() == [("Anna Smith", "2026-10-01", 5.0)]


def test_a_sheet_of_a_month_has_days_by_their_numbers(run: Run) -> None:
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    sheet.title = "September 2026"
    for row in (["Day", "Who", "Amount"], [3, "Anna Smith", 5], [28, "Liz Jones", 6]):
        sheet.append(row)
    book.save("year.xlsx")
    imported(run, "year.xlsx")
    assert [one[1] for one in bought()] == ["2026-09-03", "2026-09-28"]


def test_what_stands_in_two_lists_counts_once(run: Run) -> None:
    Path("sales.csv").write_text("Date;Client;Amount\n10/01/2026;Anna Smith;5\n")
    Path("notes.txt").write_text(
        "Sales 2026\n10/01 Anna Smith - cream 5\n10/02 more of that\nask Liz about tea\n"
    )
    told = imported(run, "sales.csv", "notes.txt")
    assert bought() == [("Anna Smith", "2026-10-01", 5.0)]
    assert "stands in sales.csv, too: 1" in told.out
    assert "ask Liz about tea" in told.out


def test_calls_come_in_as_contacts(run: Run) -> None:
    Path("calls.csv").write_text(
        "Date;Client;Type;Topic;Call back\n10/12/2026;Anna Smith;call;cream;12/05/2026\n"
    )
    imported(run, "calls.csv")
    (call,) = table("base.xlsx", "Contacts")
    assert (call["Kind"], call["Note"]) == ("call", "cream")
    assert day(call["Next date"]) == "2026-12-05"


def test_a_card_file_with_a_sheet_for_each_client_is_read(run: Run) -> None:
    book = openpyxl.Workbook()
    book.remove(sheet_of(book))
    for name, amount in (("Anna Smith", 5), ("Liz Jones", 6)):
        sheet = book.create_sheet(name)
        sheet.append(["Date", "Product", "Amount"])
        sheet.append(["10/01/2026", "cream", amount])
    book.save("cards.xlsx")
    imported(run, "cards.xlsx")
    assert [(one[0], one[2]) for one in bought()] == [("Anna Smith", 5.0), ("Liz Jones", 6.0)]


def test_lines_below_the_name_of_a_client_are_hers(run: Run) -> None:
    Path("sales.csv").write_text(
        "Date;Product;Amount\nAnna Smith;;\n10/01/2026;cream;5\n10/02/2026;tea;1\n"
        "Liz Jones;;\n10/03/2026;soap;6\n"
    )
    imported(run, "sales.csv")
    assert [(one[0], one[2]) for one in bought()] == [
        ("Anna Smith", 5.0), ("Anna Smith", 1.0), ("Liz Jones", 6.0),
    ]  # fmt: skip


def test_columns_that_nobody_knows_stay_under_their_headings(run: Run) -> None:
    Path("clients.csv").write_text(
        "Name;Phone;Sum;Sum;Shoe size;\nAnna Smith;212-555-0101;5;6;38;extra\n"
    )
    imported(run, "clients.csv")
    (anna,) = table("base.xlsx", "Clients")
    assert [anna[one] for one in ("Sum", "Sum 2", "Shoe size", "col6")] == ["5", "6", "38", "extra"]


def test_numbers_of_rows_are_ids_only_where_a_log_names_them(run: Run) -> None:
    Path("clients.csv").write_text("No;Name;Phone\n1;Anna Smith;1\n2;Liz Jones;2\n3;Meg Brown;\n")
    Path("sales.csv").write_text("Date;Client ID;Amount\n10/01/2026;2;5\n10/02/2026;7;1\n")
    told = imported(run, "clients.csv", "sales.csv")
    assert bought() == [("Liz Jones", "2026-10-01", 5.0)]
    assert "nobody has this ID: 1" in told.out


def test_months_without_a_year_that_lie_ahead_are_those_of_last_year(run: Run) -> None:
    Path("list.csv").write_text("Name;Jan;Nov;Dec\nAnna Smith;1;2;3\n")
    imported(run, "list.csv")
    assert [one[1] for one in bought()] == ["2025-01-31", "2025-11-30", "2025-12-31"]


def test_a_list_of_prices_brings_no_clients(run: Run) -> None:
    Path("prices.csv").write_text("Product;Price\nCream;5\nSoap;6\n")
    told = run("import", "prices.csv", "--to", "base.xlsx", "--yes", *DAY)
    assert "a whole sheet" in told.out
    assert "There is nothing to be written." in told.out


def test_the_files_of_hers_stay_as_they_are(run: Run) -> None:
    months()
    before = Path("months.xlsx").read_bytes()
    imported(run, "months.xlsx")
    assert Path("months.xlsx").read_bytes() == before


def test_what_a_report_says_of_a_client_fills_what_her_list_lacks(run: Run) -> None:
    Path("clients.csv").write_text("Name;City\nAnna Smith;Boston\nLiz Jones;Salem\n")
    Path("orders.csv").write_text(
        "Date;Client;Phone;Email;Amount\n10/01/2026;Anna Smith;212-555-0101;a@example.com;5\n"
    )
    imported(run, "clients.csv", "orders.csv")
    anna, _liz = table("base.xlsx", "Clients")
    assert (anna["Phone"], anna["Email"], anna["City"]) == (
        "+1 212-555-0101", "a@example.com", "Boston",
    )  # fmt: skip


def own_base() -> None:
    """A workbook of hers: plain ranges, numbers as IDs, no column for products."""
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    sheet.title = "Clients"
    for row in (["ID", "Name", "Phone"], [1, "Anna Smith", "2125550101"], [2, "Liz Jones", None]):
        sheet.append(row)
    sheet = book.create_sheet("Purchases")
    for row in (["Date", "Client ID", "Amount"], ["10/01/2026", 1, 5]):
        sheet.append(row)
    book.save("base.xlsx")


SALES = (
    "Date;Client;Product;Amount;Shade\n10/01/2026;Anna Smith;cream;5;red\n"
    "11/01/2026;Elizabeth Jones;tea;7;\n11/02/2026;Bob Stone;mask;8;green\n"
)


def test_a_workbook_of_hers_gets_what_it_lacks_in_its_own_way(run: Run) -> None:
    own_base()
    before = Path("base.xlsx").read_bytes()
    Path("sales.csv").write_text(SALES)
    imported(run, "sales.csv")
    assert [one["ID"] for one in table("base.xlsx", "Clients")] == [1, 2, 3]
    lines = [tuple(one.values())[1:] for one in table("base.xlsx", "Purchases")]
    assert lines == [(1, 5, None, None), (2, 7, "tea", None), (3, 8, "mask", "green")]
    assert "There is nothing to be written." in imported(run, "sales.csv").out
    assert run("log", "base.xlsx").out.count("imported") == 1
    assert run("undo", "base.xlsx").code == 0
    assert Path("base.xlsx").read_bytes() == before


def test_an_empty_base_is_filled(run: Run) -> None:
    run("new", "base.xlsx")
    Path("sales.csv").write_text(SALES)
    imported(run, "sales.csv")
    assert len(bought()) == 3
    assert run("recalc", "base.xlsx", *DAY).code == 0


def test_where_there_is_no_room_nothing_is_written(run: Run) -> None:
    own_base()
    book = openpyxl.load_workbook("base.xlsx")
    del book["Purchases"]
    book.create_sheet("Purchases").append(["Date", "Client ID", "Amount"])
    book["Purchases"]["A3"] = "a note of hers"
    book["Purchases"]["B2"] = 1
    book.save("base.xlsx")
    Path("calls.csv").write_text("Date;Client;Type;Topic\n10/12/2026;Anna Smith;call;cream\n")
    before = Path("base.xlsx").read_bytes()
    told = run("import", "calls.csv", "--to", "base.xlsx", "--yes", *DAY)
    assert told.code == 2
    assert "has no sheet 'Contacts'" in told.err
    assert Path("base.xlsx").read_bytes() == before


def test_of_an_address_book_without_labels_she_says_who_is_none(run: Run) -> None:
    Path("phone.vcf").write_text(
        "".join(
            f"BEGIN:VCARD\nVERSION:3.0\n{card}\nTEL:212-555-01{at:02}\nEND:VCARD\n"
            for at, card in enumerate(
                ("N:Smith;Anna;;;\nFN:Anna Smith", "N:;Plumber Joe;;;\nFN:Plumber Joe", "ORG:Taxi")
            )
        )
    )
    Path("phone.plan.yaml").write_text("people: {Plumber Joe: {answer: leave out}}\n")
    told = imported(run, "phone.vcf")
    assert [one["Name"] for one in table("base.xlsx", "Clients")] == ["Anna Smith"]
    assert "Taxi" in told.out
    assert "Plumber Joe" in told.out


def test_headings_of_two_lines_say_the_year_of_their_months(run: Run) -> None:
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    for row in (
        ["Anna's customers"], [],
        ["Customer", None, None, "2025", None, "2026", None, "Total"],
        ["#", "Name", "Phone", "Nov", "Dec", "Jan", "Feb", None],
        [1, "Smith, Anna", "212.555.0101", 10, None, 5, "12.50", 27.5],
        [2, "Jones, Liz (Bob's wife)", None, None, "7+3", None, "-", 10],
        [None, "Grand total", None, None, None, None, None, 37.5],
    ):  # fmt: skip
        sheet.append(row)
    for area in ("A1:H1", "A3:C3", "D3:E3", "F3:G3", "H3:H4"):
        sheet.merge_cells(area)
    book.save("list.xlsx")
    told = imported(run, "list.xlsx")
    assert sorted(bought()) == [
        ("Anna Smith", "2025-11-30", 10.0), ("Anna Smith", "2026-01-31", 5.0),
        ("Anna Smith", "2026-02-28", 12.5), ("Liz Jones (Bob's wife)", "2025-12-31", 10.0),
    ]  # fmt: skip
    assert "Totals that stood there: 2, of which 2 agree." in told.out


def test_a_file_given_twice_counts_once_and_two_of_one_name_are_told_apart(run: Run) -> None:
    for folder, name in (("a", "Anna Smith"), ("b", "Liz Jones")):
        Path(folder).mkdir()
        Path(folder, "sales.csv").write_text(f"Date;Client;Amount\n10/01/2026;{name};5\n")
    told = imported(run, "a/sales.csv", "b/sales.csv", "a/sales.csv")
    assert bought() == [("Anna Smith", "2026-10-01", 5.0), ("Liz Jones", "2026-10-01", 5.0)]
    assert "a/sales.csv: a list of purchases" in told.out
    assert "b/sales.csv: a list of purchases" in told.out


def test_sums_of_months_and_their_single_purchases_are_asked(run: Run) -> None:
    Path("list.csv").write_text("Name;Oct 26;Nov 26\nAnna Smith;12;5\n")
    Path("sales.csv").write_text(
        "Date;Client;Amount\n10/01/2026;Anna Smith;5\n10/20/2026;Anna Smith;7\n"
    )
    Path("list.plan.yaml").write_text("twice: {list.csv + sales.csv: {answer: once}}\n")
    told = imported(run, "list.csv", "sales.csv")
    assert sum(one[2] for one in bought()) == 5 + 5 + 7
    assert "the sum of a month whose purchases stand in sales.csv: 1" in told.out


def test_of_another_format_it_is_told_that_colours_are_not_seen(run: Run, shared: Path) -> None:
    told = run("import", str(shared / "bases" / "D_Online.xls"), "--plan", "plan.yaml", *DAY)
    assert told.code == 0
    assert "в этом формате не читаются" in told.out
