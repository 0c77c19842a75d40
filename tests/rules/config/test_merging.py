"""Her rules laid over the shipped ones: what her file changes, adds and takes out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rules.config.loading import ConfigError, load_config
from rules.config.settings import Config
from tests.bases import calculate, config, filled, on, only, shipped

PLAIN = config()


def names(rules: Config) -> dict[str, list[str]]:
    """The names in each list whose entries have one, in their order."""
    return {
        "groups": [one.name for one in rules.groups],
        "holidays": [one.name for one in rules.holidays],
        "occasions": [one.name for one in rules.gifts.occasions],
        "list": [one.name for one in rules.gifts.list],
        "rules": [one.rule for one in rules.contacts.rules],
        "kinds": list(rules.kinds),
    }


def problems(text: str) -> list[tuple[object, ...]]:
    with pytest.raises(ConfigError) as caught:
        load_config(text, shipped())
    return [tuple(problem) for problem in caught.value.problems]


def changed(text: str, plain: Config = PLAIN) -> dict[str, object]:
    """The blocks of the configuration in which *text* makes a difference."""
    rules = config(text)
    return {
        key: getattr(rules, key)
        for key in type(rules).model_fields
        if getattr(rules, key) != getattr(plain, key)
    }


# Naive files of three lines, each with what she means ----------------------------------------


@pytest.mark.parametrize("number", ["50 000", "50000", "50\u00a0000", "50'000", "'50 000'"])
def test_a_vip_from_50_000_still_buys_regularly(number: str) -> None:
    text = f"groups:\n  - name: VIP\n    when: {{turnover_in_year: {{at_least: {number}}}}}\n"
    assert list(changed(text)) == ["groups"]
    first, *others = config(text).groups
    assert others == list(PLAIN.groups[1:])
    assert first.colour == "yellow"
    assert first.when.turnover_in_year.at_least == Decimal(50000)
    assert first.when.turnover_in_year.above is None
    assert first.when.longest_gap_days == PLAIN.groups[0].when.longest_gap_days
    assert first.when.purchase_days_in_year == PLAIN.groups[0].when.purchase_days_in_year


@pytest.mark.parametrize("percent", ["2", "2 %", "2%", "2,0"])
def test_a_gift_of_2_percent(percent: str) -> None:
    text = f"gifts:\n  percent: {percent}\n"
    assert list(changed(text)) == ["gifts"]
    assert config(text).gifts == PLAIN.gifts.model_copy(update={"percent": Decimal(2)})


def test_one_more_holiday() -> None:
    text = "holidays:\n  - day: 07-08\n    name: Family day\n"
    assert list(changed(text)) == ["holidays"]
    assert names(config(text))["holidays"] == ["New Year", "8 March", "Family day"]


def test_one_more_gift() -> None:
    text = "gifts:\n  list:\n    - {name: Bag, price: 1 200}\n"
    gifts = config(text).gifts
    assert list(changed(text)) == ["gifts"]
    assert gifts.list[:-1] == PLAIN.gifts.list
    assert (gifts.list[-1].name, gifts.list[-1].price) == ("Bag", Decimal(1200))
    assert gifts.model_copy(update={"list": PLAIN.gifts.list}) == PLAIN.gifts


@pytest.mark.parametrize("often", ["3 weeks", "every 3 weeks", "21 days", "3 недели"])
def test_a_call_every_3_weeks(often: str) -> None:
    text = f"contacts:\n  rules:\n    - {{rule: rhythm, every: {often}}}\n"
    assert list(changed(text)) == ["contacts"]
    *others, rhythm, last = config(text).contacts.rules
    assert [*others, last] == [one for one in PLAIN.contacts.rules if one.rule != "rhythm"]
    plain = next(one for one in PLAIN.contacts.rules if one.rule == "rhythm")
    assert rhythm.model_copy(update={"every": plain.every}) == plain
    assert {rhythm.interval(group) for group in PLAIN.names()} == {(0, 21)}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_23_february_for_men(language: str) -> None:
    name = {"en": "23 February", "ru": "23 Февраля"}[language]
    text = f"based_on: {language}\nholidays:\n  - {{name: {name}, day: 02-23, for: men}}\n"
    plain, rules = config(f"based_on: {language}"), config(text)
    others = [one for one in plain.holidays if one.name != name]
    assert list(rules.holidays) == [*others, rules.holidays[-1]]
    assert set(changed(text, plain)) <= {"holidays"}
    columns = {"en": ("ID", "Name", "Gender"), "ru": ("Код", "ФИО", "Пол")}[language]
    who = [dict(zip(columns, (key, key, key), strict=True)) for key in ("m", "ж", "?")]
    lines = [
        {rules.heading("purchases", "date"): on("2025-06-01"), rules.heading("purchases", "client_id"): key, rules.heading("purchases", "amount"): 9}
        for key in ("m", "ж", "?")
    ]  # fmt: skip
    greeted = only("holiday", rules=rules)
    reasons = [row["contact_reason"] for row in filled(calculate(who, lines, [], on("2026-02-22"), greeted))]  # fmt: skip
    eighth = {"en": "8 March", "ru": "8 Марта"}[language]
    assert reasons == [name, eighth, eighth]


# Changing, adding, taking out ----------------------------------------------------------------

CHANGES = [
    ("an entry of a name changes", "holidays: [{name: new  YEAR, day: 01-01}]", "holidays", ["new  YEAR", "8 March"]),
    ("off takes one out", "holidays: [{name: New Year, off: yes}]", "holidays", ["8 March"]),
    ("off: no does nothing", "holidays: [{name: New Year, off: no}]", "holidays", ["New Year", "8 March"]),
    ("off takes all of a name out", "groups: [{name: Client, off: yes}]", "groups", ["VIP", "Potential", "Waiting"]),
    ("the second of a name is the second", "groups: [{name: Client}, {name: Client, off: yes}]", "groups", ["VIP", "Potential", "Client", "Waiting"]),
    ("before puts a new one", "groups: [{name: Gold, before: VIP, when: {turnover_in_year: {above: 99000}}}]", "groups", ["Gold", "VIP", "Potential", "Client", "Waiting", "Client"]),
    ("before moves one", "contacts: {rules: [{rule: birthday, before: agreed}]}", "rules", ["birthday", "agreed", "missed_call", *names(PLAIN)["rules"][3:]]),
    ("before is before the first", "gifts: {list: [{name: Pen, price: 1, before: sachet}]}", "list", ["Pen", *names(PLAIN)["list"]]),
    ("without a name off takes all out", "holidays: [{off: yes}, {name: May Day, day: 05-01}]", "holidays", ["May Day"]),
    ("an empty list is empty", "holidays: []", "holidays", []),
    ("all names are her order", "gifts: {occasions: [{name: New Year}, {name: 8 March}, {name: Birthday}]}", "occasions", ["New Year", "8 March", "Birthday"]),
    ("all names and more are her order", "gifts: {occasions: [{name: New Year}, {name: Easter, day: 04-12}, {name: 8 March}, {name: Birthday}]}", "occasions", ["New Year", "Easter", "8 March", "Birthday"]),
    ("some names are no order", "gifts: {occasions: [{name: 8 March}, {name: Birthday}]}", "occasions", ["Birthday", "New Year", "8 March"]),
    ("the last of the shipped ones stays last", "groups: [{name: Waiting}, {name: VIP}, {name: Potential}, {name: Client}]", "groups", ["Waiting", "VIP", "Potential", "Client", "Client"]),
    ("words are added", "kinds: {skype: 2}", "kinds", [*names(PLAIN)["kinds"], "skype"]),
    ("words change whatever their case", "kinds: {sms: 2}", "kinds", ["sms" if kind == "SMS" else kind for kind in names(PLAIN)["kinds"]]),
    ("words are taken out", "kinds: {catalogue: off}", "kinds", [kind for kind in names(PLAIN)["kinds"] if kind != "catalogue"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "where", "expected"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES]
)
def test_a_list_changes_adds_and_takes_out_by_name(
    text: str, where: str, expected: list[str]
) -> None:
    rules = config(text)
    assert names(rules) == {**names(PLAIN), where: expected}


def test_an_entry_keeps_the_keys_that_hers_leaves_out() -> None:
    rule = next(one for one in config("contacts: {rules: [{rule: birthday, late_days: 3}]}").contacts.rules if one.rule == "birthday")  # fmt: skip
    plain = next(one for one in PLAIN.contacts.rules if one.rule == "birthday")
    assert rule == plain.model_copy(update={"late_days": 3})


def test_a_condition_is_taken_out_with_off() -> None:
    vip = config("groups: [{name: VIP, when: {longest_gap_days: off}}]").groups[0]
    assert vip.when.longest_gap_days is None
    assert vip.when.turnover_in_year == PLAIN.groups[0].when.turnover_in_year
    rules = config("contacts: {rules: [{rule: before_birthday, when: off}]}").contacts.rules
    assert next(one for one in rules if one.rule == "before_birthday").when is None


def test_lists_of_plain_words_are_taken_whole() -> None:
    rules = config("no_words: [nope]\ntoday: {marks: [done]}\nworking_days: {weekend: [Friday]}\ncontacts: {rules: [{rule: birthday, channels: []}]}")  # fmt: skip
    assert rules.no_words == ("nope",)
    assert rules.today.marks == ("done",)
    assert rules.working_days.weekend == (4,)
    assert next(one for one in rules.contacts.rules if one.rule == "birthday").channels == ()


def test_rules_for_a_group_that_she_takes_out_mean_nobody_and_are_no_mistake() -> None:
    rules = config("groups: [{name: VIP, off: yes}, {name: Waiting, off: yes}]")
    assert names(rules)["groups"] == ["Potential", "Client", "Client"]


def test_the_whole_shipped_file_is_the_shipped_rules() -> None:
    for language, text in shipped().items():
        rules = config(text)
        country = {"en": "US", "ru": "RU"}[language]
        plain = config(f"based_on: {language}\ncountry: {country}")
        assert rules.model_copy(update={"examples": ()}) == plain
        assert rules.kept == ()


MISTAKES = [
    ("holidays: [{name: Easter, off: yes}]", 1, 12, "holidays: no such name: 'Easter'; known: 'New Year', '8 March'"),
    ("holidays:\n  - {name: New Yaer, off: yes}", 2, 5, "holidays: no such name: 'New Yaer' (did you mean 'New Year'?); known: 'New Year', '8 March'"),
    ("holidays: [{name: New Year, off: maybe}]", 1, 29, "holidays.off: expected yes or no"),
    ("holidays: [{name: New Year, before: Easter}]", 1, 29, "holidays.before: no such name: 'Easter'; known: '8 March'"),
    ("holidays: [{name: Easter}]", 1, 12, "holidays.day: this key is missing"),
    ("groups: [{name: Gold, when: {turnover_in_year: {above: 99000}}}]", 1, 10, "groups: the rule for 'Gold' can never be reached: all its clients go to rule 5 ('Client') above it; move it up ('before: NAME'), or delete it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "words"), MISTAKES)
def test_what_can_not_be_done_is_told_at_its_place(
    text: str, line: int, column: int, words: str
) -> None:
    assert problems(text) == [(line, column, words)]


# What stays beside hers ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("home_city: Perm\ngifts: {percent: 2}", ()),
        ("holidays: [{name: May Day, day: 05-01}]", ((1, "New Year, 8 March"),)),
        ("holidays: [{name: May Day, day: 05-01}, {name: New Year}, {name: 8 March}]", ()),
        ("holidays: [{name: May Day, day: 05-01}, {name: New Year, off: yes}]", ()),
        ("holidays: [{off: yes}, {name: May Day, day: 05-01}]", ()),
        ("contacts: {rules: [{rule: birthday, late_days: 3}]}", ()),  # it never was a whole list
        ("kinds: {call: 2, gift: 3}", ((1, "meeting, call in, call out, missed call, missed call out, SMS, message, letter, catalogue"),)),
        ("kinds: {call: 2, gift: off}\ngifts: {kind: call}", ()),
        ("groups: [{name: VIP, when: {turnover_in_year: {at_least: 5}}}]", ((1, "Potential, Client, Waiting, VIP (its other conditions)"),)),
        ("export: {sms: {templates: {8 March: x}}}", ((1, "birthday, New Year"),)),
        ("\ncontacts:\n  rules:\n    - {rule: rhythm, reason: x, channel: call, every: {VIP: 2 months}}", ((3, "agreed, call back, birthday, after_purchase, confirm the class, after_class, usual order is due, holiday, catalogue before the birthday, first contact, regular contact (Client, Potential, Waiting)"),)),
        ("groups: [{name: VIP}, {name: Potential, when: {bought: {is: no}}}, {name: Client, when: {abc: {is: A}}}, {name: Waiting}]", ((1, "Client, VIP (its other conditions), Potential (its other conditions), Client (its other conditions), Waiting (its other conditions)"),)),
        ("examples: [{client: A, expect: {group: VIP}}]", ()),
    ],
)  # fmt: skip
def test_shipped_entries_that_stay_beside_hers_are_known(text: str, expected: object) -> None:
    assert config(text).kept == expected
