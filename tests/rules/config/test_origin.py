"""Where each entry of the rules stands: in her own file or in the shipped one."""

from __future__ import annotations

import pytest

from rules.config.assembly import config_type
from rules.config.loading import whole_tree
from rules.config.yaml_text import Path, locate, read
from rules.house import ROOMS
from tests.bases import shipped

KIND = config_type(ROOMS)

SHIPPED = """\
abc:
  line: crossing
  bounds: [50, 80]
gifts:
  percent: 1
  list:
    - {name: Soap, price: 1}
    - {name: Book,
       price: 2}
kinds:
  call: 2
holidays:
  - {day: 12-31, name: New Year}
  - {day: 03-08, name: 8 March}
"""
OWN = """\
# mine
gifts:

  list:
    - name: Pen
      price: 5
abc: {bounds:
  [40, 70]}
kinds: {visit: 3}
"""


@pytest.mark.parametrize(
    ("path", "is_own", "line"),
    [
        (("abc", "bounds"), True, 7),
        (("abc", "bounds", 1), True, 8),
        (("abc", "line"), False, 2),
        (("abc",), True, 7),
        (("gifts", "percent"), False, 5),
        (("gifts", "list", 0), False, 7),
        (("gifts", "list", 1, "price"), False, 9),
        (("gifts", "list", 2), True, 5),  # hers comes behind them
        (("gifts", "list", 2, "price"), True, 6),
        (("gifts", "list", 2, "groups"), True, 5),  # left out of her gift
        (("kinds", "visit"), True, 9),
        (("kinds", "call"), False, 11),
        (("holidays", 1), False, 14),
        (("holidays", 1, "name"), False, 14),
    ],
)
def test_an_entry_stands_in_her_file_unless_that_leaves_it_to_the_shipped_one(
    path: Path, is_own: bool, line: int
) -> None:
    mark, _steps = locate(whole_tree(KIND, read(SHIPPED)[0], read(OWN)[0]).tree, path)
    assert mark is not None
    assert (mark.is_own, mark.line) == (is_own, line)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_in_a_shipped_file_every_entry_is_its_own(language: str) -> None:
    tree = read(shipped()[language])[0]
    lines = shipped()[language].split("\n")
    found, _steps = locate(whole_tree(KIND, tree, tree).tree, ("groups", 0))
    assert found is not None
    assert found.is_own
    assert lines[found.line - 1].strip() == "- name: VIP"


def test_windows_line_ends_and_a_byte_order_mark_move_no_line() -> None:
    own = read("\ufeff" + OWN.replace("\n", "\r\n"))[0]
    mark, _steps = locate(whole_tree(KIND, read(SHIPPED)[0], own).tree, ("kinds", "visit"))
    assert mark is not None
    assert mark.line == 9
