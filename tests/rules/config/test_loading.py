from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.config.assembly import config_type
from rules.config.basics import Model, MonthDay
from rules.config.loading import MOST_PROBLEMS, ConfigError, load_config
from rules.config.settings import Config
from rules.house import ROOMS
from rules.reading.words import fold
from tests.bases import ROOT, Row, calculate, config, filled, shipped
from tests.random_bases import HOME_CITY, TODAYS, random_base


def broken(text: str | bytes) -> ConfigError:
    """What is wrong with *text*."""
    with pytest.raises(ConfigError) as caught:
        load_config(text, shipped())
    return caught.value


def only_problem(text: str | bytes) -> tuple[int, int, str]:
    """The one thing wrong with *text*."""
    problems = broken(text).problems
    assert len(problems) == 1, problems
    return problems[0]


def rule(when: str, name: str = "VIP") -> str:
    """The shipped group names, with one rule on top."""
    rest = "".join(f"  - name: {group}\n" for group in ("Potential", "Client", "Waiting"))
    always = "  - {name: VIP, when: {abc: {is: A}}}\n"
    apart = rest.replace("\n", "\n    when: {stage: {is: New}}\n", 1)
    apart = apart.replace("Client\n", "Client\n    when: {stage: {is: Lost}}\n")
    return f"groups:\n  - name: {name}\n    when: {when}\n{always}{apart}"


def gift(entry: str) -> str:
    """A gift list of one entry."""
    return f"gifts:\n  list:\n    - {{name: Soap, price: 100, {entry}}}\n"


def contact_rule(entry: str) -> str:
    """A list of one contact rule."""
    return f"contacts:\n  rules:\n    - {{channel: call, {entry}}}\n"


# Each row is one small broken file: the text, the line and column, and what the message says.
MISTAKES = [
    # names of folders and servers
    ('export:\n  folder: "\\0x"', 2, 3, "export.folder: holds the sign U+0000, which no name can have; write it without"),
    ('export: {folder: "a\\nb"}', 1, 10, "export.folder: holds the sign U+000A, which"),
    ('nightly:\n  summary_folder: "\\x1b[2J"', 2, 3, "nightly.summary_folder: holds the sign U+001B, which"),
    ('nightly:\n  mail:\n    server: "mail\\r.example.com"', 3, 5, "nightly.mail.server: holds the sign U+000D, which"),
    # keys
    ("holydays: []", 1, 1, "holydays: unknown key (did you mean 'holidays'?); allowed here: based_on, sheets,"),
    ("stage:\n  perod_months: 4", 2, 3, "stage.perod_months: unknown key (did you mean 'period_months'?); allowed here: period_months, names"),
    ("weather: 1", 1, 1, "weather: unknown key; allowed here:"),
    ("stage:\n  period_months: 3\n  period_months: 4", 3, 3, "the key 'period_months' stands here again (first: line 2); keep one of them"),
    (rule("{turnover: {above: 3}}"), 3, 12, "groups.when.turnover: unknown key (did you mean 'turnover_in_year'?)"),
    (rule("{bought: {at_least: 3}}"), 3, 21, "groups.when.bought.at_least: unknown key; allowed here: is"),
    (contact_rule("rule: first_contact, reason: x, late_day: 3"), 3, 55, "contacts.rules.late_day: unknown key; allowed here: when, channel, channels, rule, reason"),
    ("gifts: {percent: 1, 5}", 1, 21, "gifts.5: unknown key; if this is the end of a number, write it with a point, such as 1.5"),
    ("gifts:\n  list:\n    - {name: Soap}", 3, 7, "gifts.list.price: this key is missing"),
    ("<<: {home_city: X}", 1, 1, "<<: unknown key"),
    # nothing where something belongs
    ("stage:\n  period_months:", 2, 3, "stage.period_months: nothing stands here; fill it in, or put '#' before it to leave it out"),
    ("stage:", 1, 1, "stage: nothing stands here"),
    ("columns: {clients: {phone: }}", 1, 21, "columns.clients.phone: nothing stands here"),
    ("no_words:", 1, 1, "no_words: nothing stands here"),
    ("no_words: [null]", 1, 12, "no_words: nothing stands here"),
    ("based_on: ", 1, 1, "based_on: nothing stands here"),
    ("holidays:\n  -", 2, 4, "holidays: nothing stands here"),
    (rule(""), 3, 5, "groups.when: nothing stands here"),
    (rule("{bought: }"), 3, 12, "groups.when.bought: nothing stands here"),
    (rule("{bought: {is: }}"), 3, 21, "groups.when.bought.is: nothing stands here"),
    (contact_rule("rule: "), 3, 23, "contacts.rules.rule: nothing stands here"),
    (rule("{}"), 3, 5, "groups.when: nothing to compare with; write at least one of: turnover_in_year,"),
    (rule("{columns: {}}", "New"), 3, 5, "groups.when: nothing to compare with"),
    (rule("{bought: {}}"), 3, 12, "groups.when.bought: nothing to compare with; write at least one of: is"),
    (rule("{any: []}"), 3, 12, "groups.when.any: expected at least 1 entry; found an empty list"),
    (rule("{purchase_days: {in: []}}"), 3, 28, "groups.when.purchase_days.in: expected at least 1 entry; found an empty list"),
    ("groups: []", 1, 1, "groups: expected at least 1 entry; found an empty list"),
    ("columns: {clients: {phone: []}}", 1, 21, "columns.clients.phone: expected at least 1 entry; found an empty list"),
    ("columns:\n  clients:\n    phone: ' '", 3, 5, "columns.clients.phone: this can't be empty; found ''"),
    ("groups: [{name: ''}]", 1, 11, "groups.name: this can't be empty; found ''"),
    # wrong types
    ("stage:\n  period_months: three", 2, 3, "stage.period_months: expected a whole number; found 'three'"),
    ("stage:\n  period_months: 1.5", 2, 3, "stage.period_months: expected a whole number; found '1.5'"),
    ("stage: {period_months: 0x3}", 1, 9, "stage.period_months: expected a whole number; found '0x3'"),
    ("limits: {clients: " + "9" * 5000 + "}", 1, 10, "limits.clients: this number is too large; found '9999"),
    ("gifts: {percent: a lot}", 1, 9, "gifts.percent: expected a number such as 36000 or 1.5; found 'a lot'"),
    ("gifts:\n  percent: 1,500", 2, 3, "gifts.percent: can be 1500 or 1.500; write the one that you mean; found '1,500'"),
    (rule("{turnover_in_year: {above: 36 00}}"), 3, 31, "groups.when.turnover_in_year.above: expected a number such as 36000 or 1.5; found '36 00'"),
    ("gifts: {percent: [1]}", 1, 9, "gifts.percent: expected a number; found a list of 1"),
    ("gifts: {percent: -1}", 1, 9, "gifts.percent: must be at least 0; found '-1'"),
    ("limits: {clients: 0}", 1, 10, "limits.clients: must be at least 1; found '0'"),
    ("numbers: {minor_units: 9}", 1, 11, "numbers.minor_units: must be at most 4; found '9'"),
    ("abc: {bounds: [0, 50]}", 1, 16, "abc.bounds: must be above 0; found '0'"),
    ("abc: {bounds: [50, 1000]}", 1, 20, "abc.bounds: must be below 1000; found '1000'"),
    ("sheets: {clients: [A]}", 1, 10, "sheets.clients: expected a text; found a list of 1"),
    ("sheets: {clients: " + "x" * 300 + "}", 1, 10, "sheets.clients: expected at most 255 characters; found 'xxx"),
    ("stage: 3", 1, 1, "stage: expected lines of the form 'key: value' here, with a blank after the colon; found '3'"),
    ("stage:\n  period_months:3", 1, 1, "stage: expected lines of the form 'key: value' here, with a blank after the colon; found 'period_months:3'"),
    ("kinds: [call]", 1, 1, "kinds: expected lines of the form 'key: value' here, with a blank after the colon; found a list of 1"),
    ("contacts: {rules: [birthday]}", 1, 20, "contacts.rules: expected lines of the form 'key: value' here, with a blank after the colon; found 'birthday'"),
    ("groups: VIP", 1, 1, "groups: expected a list here ([a, b], or lines that begin with '-'); found 'VIP'"),
    ("groups: {name: VIP}", 1, 1, "groups: expected a list here ([a, b], or lines that begin with '-'); found a block of keys"),
    ("columns: {clients: {phone: {a: b}}}", 1, 21, "columns.clients.phone: expected a heading, or a list of headings: [a, b]"),
    (gift("can_be_posted: maybe"), 3, 32, "gifts.list.can_be_posted: expected yes or no; found 'maybe'"),
    ("year: {basis: calender}", 1, 8, "year.basis: found 'calender' (did you mean 'calendar'?); allowed: 'trailing', 'calendar', 'seminar'"),
    ("numbers: {decimal: comma}", 1, 11, "numbers.decimal: found 'comma'; allowed: ',', '.'"),
    ("based_on: de", 1, 1, "based_on: found 'de'; allowed: 'en', 'ru'"),
    (contact_rule("rule: birtday"), 3, 23, "contacts.rules.rule: found 'birtday' (did you mean 'birthday'?); allowed: 'agreed', 'missed_call', 'birthday',"),
    ("contacts: {rules: [{channel: call}]}", 1, 20, "contacts.rules: the key 'rule' is missing"),
    (contact_rule("rule: agreed, reason: a, reason_with_kind: b, max_days: 4"), 3, 48, "contacts.rules.reason_with_kind: must contain {kind}; found 'b'"),
    ("dates: {text_formats: [mm/yy]}", 1, 24, "dates.text_formats: expected a form of dates made of dd, mm and yyyy, such as dd.mm.yyyy; found 'mm/yy'"),
    # days
    ("holidays:\n  - {day: 02-31, name: x}", 2, 6, "holidays.day: expected month-day, such as 12-31 for 31 December; found '02-31'"),
    ("holidays:\n  - {day: 8.3, name: x}", 2, 6, "holidays.day: expected month-day, such as 12-31 for 31 December; found '8.3'"),
    ("year: {seminar_start: 2024-07-01}", 1, 8, "year.seminar_start: expected month-day, such as 12-31 for 31 December; found '2024-07-01'"),
    ("gifts: {occasions: [{day: brithday, name: x}]}", 1, 22, "gifts.occasions.day: expected birthday, or month-day, such as 12-31 for 31 December; found 'brithday'"),
    # entries that don't fit together
    ("xyz: {months: 11}", 1, 1, "xyz: 'months' (11) can't be divided into periods of 'period_months' (3)"),
    ("xyz: {months: 6}", 1, 1, "xyz: 6 months hold only 2 periods of 3 months, but 'min_periods' asks for 3"),
    ("abc: {bounds: [80, 50]}", 1, 7, "abc.bounds: the first bound must be below the second; found 80 and 50"),
    ("xyz: {bounds: [10, 10]}", 1, 7, "xyz.bounds: the first bound must be below the second; found 10 and 10"),
    ("abc: {bounds: [80]}", 1, 7, "abc.bounds: entry 2 of this list is missing"),
    ("abc: {bounds: [1, 2, 3]}", 1, 7, "abc.bounds: expected at most 2 entries; found a list of 3"),
    (contact_rule("rule: after_class, grace_days: 1, expires_days: 1, dates: [{reason: x}]"), 3, 82, "contacts.rules.dates: expected one of 'days' and 'months'"),
    (contact_rule("rule: after_class, grace_days: 1, expires_days: 1, dates: [{reason: x, days: 1, months: 1}]"), 3, 82, "contacts.rules.dates: expected one of 'days' and 'months'"),
    ("contacts:\n  rules:\n" + 2 * "    - {rule: agreed, channel: call, reason: a, reason_with_kind: '{kind}', max_days: 4}\n", 4, 7, "contacts.rules: a rule 'agreed' stands above already, and a client has one agreed date;"),
    ("holidays:\n  - {day: 02-23, name: x, for: cats}", 2, 27, "holidays.for: found 'cats'; allowed: 'men', 'all_but_men'"),
    # names that nobody gave
    ("gifts:\n  multipliers:\n    - {when: {group: {is: VIPS}}, times: 2}", 3, 23, "gifts.multipliers.when.group.is: no such name: 'VIPS' (did you mean 'VIP'?); known: 'VIP', 'Potential', 'Client', 'Waiting'"),
    ("gifts:\n  multipliers:\n    - {when: {abc: {in: [A, D]}}, times: 2}", 3, 21, "gifts.multipliers.when.abc.in: no such name: 'D'; known: 'A', 'B', 'C'"),
    ("gifts:\n  multipliers:\n    - {when: {any: [{xyz: {is: Q}}]}, times: 2}", 3, 28, "gifts.multipliers.when.any.xyz.is: no such name: 'Q'; known: 'X', 'Y', 'Z'"),
    (contact_rule("rule: first_contact, reason: x, when: {stage: {is: Lots}}"), 3, 70, "contacts.rules.when.stage.is: no such name: 'Lots' (did you mean 'Lost'?)"),
    ("holidays:\n  - {day: 03-08, name: x, when: {folder: {is: Blue}}}", 2, 43, "holidays.when.folder.is: no such name: 'Blue'; known: 'Green', 'Black'"),
    (contact_rule("rule: rhythm, every: 3"), 3, 37, "contacts.rules.every: expected an interval such as 10 days, 3 weeks or 2 months; found '3'"),
    (contact_rule("rule: rhythm, every: {VIP: 3}"), 3, 45, "contacts.rules.every.VIP: expected an interval such as 10 days, 3 weeks or 2 months; found '3'"),
    (contact_rule("rule: rhythm, every: {Cleint: 3 days}"), 3, 37, "contacts.rules.every: no such name: 'Cleint' (did you mean 'Client'?)"),
    (contact_rule("rule: rhythm, reason: x, months: {VIP: 1, Cleint: 2}"), 3, 48, "contacts.rules.months: no such name: 'Cleint' (did you mean 'Client'?)"),
    (gift("groups: [Vip, Friends]"), 3, 32, "gifts.list.groups: no such name: 'Friends'; known: 'VIP',"),
    (gift("occasions: [Easter]"), 3, 32, "gifts.list.occasions: no such name: 'Easter'; known: 'Birthday', 'New Year', '8 March'"),
    ("kinds: {gift: off}", 1, 1, "gifts.kind: no such name: 'gift'; known: 'meeting', 'call', 'call in', 'call out', 'missed call', 'missed call out', 'SMS', 'message', 'letter', 'catalogue' (this comes from the shipped rules: name 'gifts.kind' in your file, and change it there)"),
    (rule("{group: {is: VIP}}"), 3, 12, "groups.when.group: a group rule can't ask for the group: that is what it decides"),
    # the same twice
    ("columns:\n  clients:\n    phone: Email", 3, 5, "columns.clients.phone: the heading 'Email' is given to both 'phone' and 'email'; each needs its own"),
    ("columns:\n  clients:\n    email: [Mail, phone ]", 3, 5, "columns.clients.email: the heading 'phone' is given to both 'phone' and 'email'; each needs its own"),
    ("columns: {filled: {gift: notes}}", 1, 20, "columns.filled.gift: the heading 'notes' is given to both 'notes' and 'gift'; each needs its own"),
    ("columns: {clients: {notes: Gift}}", 1, 21, "columns.clients.notes: the heading 'Gift' is given to both 'notes' and 'gift'; each needs its own"),
    ("sheets: {purchases: clients}", 1, 10, "sheets.purchases: the sheet 'clients' is given to both 'clients' and 'purchases'; each needs its own"),
    ("sheets: {clients: Contacts}", 1, 10, "sheets.clients: the sheet 'Contacts' is given to both 'clients' and 'contacts'; each needs its own"),
    ("kinds: {gift: 1, call: 2, 'Call ': 3}", 1, 27, "kinds.Call: the same word as 'call'; keep one of them"),
    # words in braces
    ("export:\n  sms: {other: 'x {nam}'}", 2, 9, "export.sms.other: unknown word in braces {nam}; allowed here: {first_name}, {name}, {occasion}"),
    ("export: {sms: {other: 'x {'}}", 1, 16, "export.sms.other: a brace { or } stands alone; they come in pairs"),
    ("export: {sms: {other: '{name.x}'}}", 1, 16, "unknown word in braces {name.x}"),
    ("export: {sms: {other: '{name:d}'}}", 1, 16, "unknown word in braces {name:d}"),
    ("export: {sms: {other: '{name!r}'}}", 1, 16, "unknown word in braces {name!r}"),
    ("export: {sms: {other: '{}'}}", 1, 16, "unknown word in braces {}"),
    # group rules that nobody reaches: more of them in test_reach.py
    ("based_on: en\n" + rule("{any: [{bought: {is: yes}}, {bought: {is: no}}]}") + "  - {name: Client}\n  - {name: VIP}\n", 12, 5, "groups: the rule for 'VIP' can never be reached: all its clients go to rule 6 ('Client') above it; move it up ('before: NAME'), or delete it"),
    (rule("{turnover_in_year: {above: 5, below: 3}}"), 2, 5, "groups: no client can fit the rule for 'VIP': its conditions contradict each other"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "words"), MISTAKES)
def test_each_mistake_is_named_at_its_line_and_column(
    text: str, line: int, column: int, words: str
) -> None:
    found_line, found_column, message = only_problem(text)
    assert words in message
    assert (found_line, found_column) == (line, column)


def test_renaming_the_groups_names_the_shipped_rules_that_still_ask_for_the_old_ones() -> None:
    problems = broken("home_city: X\ngroups:\n  - off: yes\n  - name: Everybody\n").problems
    assert [problem[:2] for problem in problems] == [(2, 1), (2, 1)]
    assert "contacts.rules.channels.when.any.group.is: no such name: 'VIP'" in problems[0].message
    assert "no such name: 'VIP', 'Client', 'Potential', 'Waiting'" in problems[1].message
    assert "name 'contacts.rules.birthday.channels.when.any.group.is' in" in problems[0].message
    assert "name 'contacts.rules.rhythm.every' in your file" in problems[1].message


def test_all_problems_are_reported_at_once_by_line() -> None:
    error = broken(
        "year:\n  basis: y\nholydays: []\nstage:\n\tperiod_months: x\nhome_city: a\nhome_city: b\n"
    )
    assert str(error) == (
        "config.yaml has 5 problems:\n"
        "  line 2, column 3: year.basis: found 'y'; allowed: 'trailing', 'calendar', 'seminar'\n"
        "  line 3, column 1: holydays: unknown key (did you mean 'holidays'?); allowed here: "
        + ", ".join(config_type(ROOMS).allowed_keys())
        + "\n  line 5, column 1: a tab stands before the text; indent with blanks instead\n"
        "  line 5, column 3: stage.period_months: expected a whole number; found 'x'\n"
        "  line 7, column 1: the key 'home_city' stands here again (first: line 6); keep one of them"
    )


def test_entries_that_contradict_each_other_are_reported_together() -> None:
    text = "sheets: {purchases: Clients}\nexport: {sms: {other: '{x}'}}\ncolumns: {clients: {phone: City}}"
    assert [problem.line for problem in broken(text).problems] == [1, 2, 3]


def test_one_problem_is_said_in_the_singular_with_the_name_of_the_file() -> None:
    with pytest.raises(ConfigError, match=r"^my rules\.yaml has 1 problem:\n  line 1, column 1: x"):
        load_config("x: 1", shipped(), "my rules.yaml")


def test_a_flood_of_problems_is_cut() -> None:
    error = broken("".join(f"key{number}: *a\n" for number in range(5000)))
    assert len(error.problems) == MOST_PROBLEMS
    assert str(error).startswith(f"config.yaml has more than {MOST_PROBLEMS} problems:")


# --- what is read as it is meant ----------------------------------------------------------------


@pytest.mark.parametrize("word", ["no", "No", "NO", "нет", "Нет", "off", "false", '"no"'])
def test_no_is_no_wherever_yes_or_no_is_asked(word: str) -> None:
    found = config(gift(f"can_be_posted: {word}")).gifts.list[-1]
    assert found.can_be_posted is False


@pytest.mark.parametrize("word", ["yes", "'yes'", "да", "Да", "on", "true"])
def test_yes_is_yes_wherever_yes_or_no_is_asked(word: str) -> None:
    assert config(gift(f"can_be_posted: {word}")).gifts.list[-1].can_be_posted is True


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    rules = config("no_words: [no, нет, off, 0, 1e3, 2024-01-01]\nhome_city: no\n")
    assert rules.no_words == ("no", "нет", "off", "0", "1e3", "2024-01-01")
    assert rules.home_city == "no"
    assert config("columns: {clients: {notes: 2024}}").columns.clients.notes == ("2024",)


def test_where_the_day_comes_first_a_dotted_day_is_read_so() -> None:
    days = "holidays: [{day: %s, name: x}]\ngifts: {occasions: [{day: %s, name: x}]}\n"
    days += "year: {seminar_start: %s}\nworking_days: {free_days: [%s]}\n"
    for typed in ("08.07", "8.7", "8.7."):
        rules = config("based_on: ru\n" + days % (typed, typed, typed, f"{typed}..10.07"))
        assert rules.holidays[-1].day == (7, 8)
        assert rules.gifts.occasions[-1].day == (7, 8)
        assert rules.year.seminar_start == (7, 8)
        assert rules.working_days.free_days[-1] == ((7, 8), (7, 10))
    for country, typed in (("US", "08.07"), ("RU", "31.13"), ("RU", "30.02")):
        with pytest.raises(ConfigError, match=r"month-day|месяц-день"):
            config(f"country: {country}\nholidays: [{{day: {typed}, name: x}}]")


def test_days_of_the_year_are_read_as_month_and_day() -> None:
    rules = config("year: {seminar_start: 09-01}\nholidays: [{day: 02-29, name: x}]")
    assert rules.year.seminar_start == MonthDay(9, 1)
    assert rules.holidays[-1].day == MonthDay(2, 29)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1", "1"), ("1.5", "1.5"), (".5", "0.5"), ("1e3", "1000"), ("36_000", "36000"), ("'2'", "2"), ("+3", "3"), ("0", "0"), ("0.000000000001", "1e-12"), ("1,5", "1.5"), ("0,125", "0.125"), ("50 000", "50000"), ("'50\u00a0000,5'", "50000.5"), ("1 250 000", "1250000"), ("'1,250,000'", "1250000"), ("'1,250.5'", "1250.5"), ("'1\u2019000'", "1000"), ("2 %", "2")],
)  # fmt: skip
def test_numbers_are_read_exactly(typed: str, number: str) -> None:
    assert config(f"gifts: {{percent: {typed}}}").gifts.percent == Decimal(number)


@pytest.mark.parametrize(
    "typed", ["0x10", "inf", ".inf", "-inf", "nan", ".nan", "sNaN", "'36 00'", "'3 6000'", "'1.500,5'", "1.5.2", "''", "1/2", "'%'"]
)  # fmt: skip
def test_what_is_no_plain_number_is_refused(typed: str) -> None:
    assert (
        "expected a number such as 36000 or 1.5" in only_problem(f"gifts: {{percent: {typed}}}")[2]
    )


@pytest.mark.parametrize("typed", ["1e-999999999", "1e99999", "1e13", "0.0000000000001"])
def test_numbers_beyond_all_sense_are_refused(typed: str) -> None:
    assert "too large, or has too many decimals" in only_problem(f"gifts: {{percent: {typed}}}")[2]


@pytest.mark.parametrize("typed", ["home_city:", "home_city: ''", "home_city: ~"])
def test_the_home_city_may_be_left_blank(typed: str) -> None:
    assert config(typed).home_city == ""


def test_one_heading_is_the_same_as_a_list_of_one() -> None:
    assert config("columns: {clients: {city: Town}}").columns.clients.city == ("Town",)
    assert config("columns: {clients: {city: [Town, City]}}").columns.clients.city == (
        "Town",
        "City",
    )


def test_the_name_may_be_the_key() -> None:
    rules = config("columns: {clients: {id: Name}, purchases: {client_id: Name}}")
    assert rules.columns.clients.id == rules.columns.clients.name


# --- files ---------------------------------------------------------------------------------------

SOME_TEXT = "# Мой город\nhome_city: Пермь\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
)  # fmt: skip
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_file_may_be_utf8_or_utf16_with_or_without_byte_order_mark(
    encoding: str, line_end: str
) -> None:
    raw = SOME_TEXT.replace("\n", line_end).encode(encoding)
    assert load_config(raw, shipped()).home_city == "Пермь"


def test_big_endian_with_byte_order_mark_is_accepted() -> None:
    raw = b"\xfe\xff" + SOME_TEXT.encode("utf-16-be")
    assert load_config(raw, shipped()).home_city == "Пермь"


def test_a_byte_order_mark_in_text_is_skipped() -> None:
    assert config("\ufeffhome_city: X").home_city == "X"


@pytest.mark.parametrize(
    ("raw", "line", "column"),
    [
        (SOME_TEXT.encode("cp1251"), 1, 3),
        (b"based_on: ru\n" + "home_city: Пермь".encode("cp1251"), 2, 12),
        (b"\xef\xbb\xbfbased_on: ru\n" + "# Ё, home_city: Пермь".encode("cp1251"), 2, 3),
        ("# Мой\n".encode() + b"home_city: \xff", 2, 12),
    ],
)
def test_a_file_in_an_old_encoding_is_refused_with_advice(
    raw: bytes, line: int, column: int
) -> None:
    assert only_problem(raw) == (
        line,
        column,
        "this isn't UTF-8 text; in Notepad choose File > Save as > Encoding: UTF-8",
    )


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# only words\n", "---\n", "{}", b"", b"\xef\xbb\xbf"]
)
def test_an_empty_file_means_the_shipped_rules(text: str | bytes) -> None:
    assert load_config(text, shipped()) == config("country: US")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_shipped_files_are_complete_and_based_on_themselves(language: str) -> None:
    whole = config(shipped()[language])
    assert whole.examples  # her own file doesn't take these over
    country = {"en": "US", "ru": "RU"}[language]
    assert whole.model_copy(update={"examples": ()}) == config(
        f"based_on: {language}\ncountry: {country}"
    )
    assert config(f"based_on: {language}").based_on == language


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda p: p.name)
def test_the_examples_load(path: object) -> None:
    assert load_config((ROOT / str(path)).read_bytes(), shipped())


def test_a_partial_file_is_completed_key_by_key() -> None:
    rules = config("stage:\n  names:\n    lost: Gone\n")
    shipped_rules = config()
    names = shipped_rules.stage.names.model_copy(update={"lost": "Gone"})
    assert rules.stage == shipped_rules.stage.model_copy(update={"names": names})
    assert rules.contacts == shipped_rules.contacts


def test_a_partial_file_is_completed_in_its_language() -> None:
    rules = config("based_on: ru\nstage: {period_months: 4}")
    assert rules.stage.period_months == 4
    assert rules.stage.names.lost == "Потерянный"
    assert rules.sheets.clients == "Клиенты"


def test_a_configuration_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        config().home_city = "X"
    with pytest.raises(ValidationError, match="frozen"):
        config().stage.period_months = 4


# --- the Russian rules ---------------------------------------------------------------------------


def pairs(english: object, russian: object) -> Iterator[tuple[object, object]]:
    """The values at equal places of the two configurations."""
    if isinstance(english, Model) and isinstance(russian, Model):
        assert type(english) is type(russian)
        for name in type(english).model_fields:
            yield from pairs(getattr(english, name), getattr(russian, name))
    elif isinstance(english, Mapping) and isinstance(russian, Mapping):
        for (key, value), (key_ru, value_ru) in zip(english.items(), russian.items(), strict=False):
            yield key, key_ru
            yield from pairs(value, value_ru)
    elif isinstance(english, tuple) and isinstance(russian, tuple) and english and not isinstance(english, MonthDay):  # fmt: skip
        if not isinstance(english[0], str):
            assert len(english) == len(russian)
        for one, other in zip(english, russian, strict=False):
            yield from pairs(one, other)
    else:
        yield english, russian


AS_RUSSIAN = """\
holidays:
  - {name: 8 March, for: all_but_men}
  - {name: 23 February, day: 02-23, for: men}
gifts:
  occasions:
    - {name: 8 March, for: all_but_men}
    - {name: 23 February, day: 02-23, for: men}
"""
"""What the Russian file has besides."""


def test_the_russian_rules_have_the_same_numbers_in_the_same_places() -> None:
    english, russian = config(AS_RUSSIAN), config("based_on: ru")
    assert dict(list(russian.kinds.items()))["СМС"] == russian.kinds["SMS"]
    for one, other in pairs(english, russian):
        if not isinstance(one, str):
            assert one == other


def test_the_russian_file_speaks_russian() -> None:
    texts = [str(other) for one, other in pairs(config(AS_RUSSIAN), config("based_on: ru")) if isinstance(one, str)]  # fmt: skip
    latin = {text for text in texts if text and not re.search("[а-яё]", text, re.IGNORECASE)}
    english = {str(one) for one, _ in pairs(config(AS_RUSSIAN), config(AS_RUSSIAN))}
    customs = {"RU", "RUB", "dmy", "dd.mm.yyyy"}
    assert latin - {"ru"} - customs <= english


WORDS = {
    one: other
    for one, other in pairs(config(AS_RUSSIAN), config("based_on: ru"))
    if isinstance(one, str) and isinstance(other, str) and one != other
}
KINDS = {fold(kind): WORDS.get(kind, kind) for kind in config().kinds}
HEADINGS = {
    table: {
        heading: getattr(getattr(config("based_on: ru").columns, table), key)[0]
        for key, (heading, *_) in dict(getattr(config().columns, table)).items()
    }
    for table in ("clients", "purchases", "contacts")
}


def in_russian(rows: list[Row], table: str) -> list[Row]:
    """Rows with the Russian headings and kinds of contact."""
    return [
        {
            HEADINGS[table].get(heading, heading): kind_in_russian(cell)
            if heading in {"Kind", "Next kind"}
            else cell
            for heading, cell in row.items()
        }
        for row in rows
    ]


def kind_in_russian(cell: object) -> object:
    return KINDS.get(fold(cell), cell) if isinstance(cell, str) else cell


def word_in_russian(word: str) -> str:
    """One word of a filled cell; a kind of contact may follow 'agreed: ', or be a channel."""
    if word.startswith("agreed: "):
        return f"договорились: {kind_in_russian(word.removeprefix('agreed: '))}"
    return WORDS.get(word) or str(kind_in_russian(word))


def cell_in_russian(cell: object) -> object:
    """A filled cell, word by word."""
    if not isinstance(cell, str):
        return cell
    joiner = "; " if "; " in cell else " + "
    return joiner.join(map(word_in_russian, cell.split(joiner)))


@pytest.mark.parametrize("seed", range(60))
def test_both_languages_decide_the_same(seed: int) -> None:
    today = TODAYS[seed % len(TODAYS)]
    clients, purchases, contacts = random_base(seed, today)
    russian = config(f"based_on: ru\nhome_city: {HOME_CITY}\n")
    in_english = calculate(
        clients, purchases, contacts, today, config(f"home_city: {HOME_CITY}\n{AS_RUSSIAN}")
    )
    result = calculate(
        in_russian(list(clients), "clients"),
        in_russian(list(purchases), "purchases"),
        in_russian(list(contacts), "contacts"),
        today,
        russian,
    )
    for row, english_row in zip(filled(result), filled(in_english), strict=True):
        assert row == {key: cell_in_russian(cell) for key, cell in english_row.items()}
    assert [p.cell for p in result.problems] == [p.cell for p in in_english.problems]
    assert len(result.notices) == len(in_english.notices)


# --- no text does anything but load or be refused -------------------------------------------------

PYDANTIC_WORDS = re.compile(r"Input should|should have|Unable to|valid \w+,|Value error")
PIECES = ["{", "}", "[", "]", ":", "- ", "#", "&a", "*a", "!!int", "|", ">", "%", "@", "\t", "'", '"', "\\", "\n", "\r", "\n---\n", "\n...\n", "?", "~", "null", "no", ",", "\x00", "\x85", "\u2028", "\ufeff", "\ud800", "٣", "😀", "0x1", "1e9999", "02-31", "any:", "in: []", "is:", "<<:", " ", "  "]  # fmt: skip


def loads_or_is_refused(text: str) -> None:
    lines = len(re.findall("\r\n|\r|\n", text)) + 1
    try:
        load_config(text, shipped())
    except ConfigError as error:
        assert error.problems  # noqa: PT017 — loading is fine, too
        for problem in error.problems:
            assert 1 <= problem.line <= lines
            assert problem.column >= 1
            assert not PYDANTIC_WORDS.search(problem.message)


@given(st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join))
@settings(max_examples=150, deadline=None)
def test_no_text_raises_anything_but_a_configuration_error(text: str) -> None:
    loads_or_is_refused(text)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damage_to_the_shipped_files_raises_anything_but_a_configuration_error(
    data: st.DataObject,
) -> None:
    text = shipped()[data.draw(st.sampled_from(["en", "ru"]))]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        piece = data.draw(st.sampled_from(PIECES) | st.just(text[start:end] * 2))
        text = text[:start] + piece + text[end:]
    loads_or_is_refused(text)


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_bytes_raise_anything_but_a_configuration_error(raw: bytes) -> None:
    try:
        load_config(raw, shipped())
    except ConfigError as error:
        assert all(problem.line >= 1 for problem in error.problems)  # noqa: PT017


VALUES = st.recursive(
    st.sampled_from(["", "~", "no", "3", "-1", "1.5", "1e-999999999", "x", "{x}", "12-31", "VIP", "is", "call"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    | st.dictionaries(st.sampled_from(["is", "in", "any", "when", "name", "rule", "x", "months"]), inner, max_size=3).map(
        lambda block: "{" + ", ".join(f"{key}: {value}" for key, value in block.items()) + "}"
    ),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(Config.allowed_keys()), VALUES, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_no_value_under_any_key_raises_anything_but_a_configuration_error(
    blocks: dict[str, str],
) -> None:
    loads_or_is_refused("".join(f"{key}: {value}\n" for key, value in blocks.items()))
