"""Where each entry of the rules stands: in her own file or in the shipped one."""

from __future__ import annotations

import pytest

from rules.config.assembly import config_type
from rules.config.loading import Origin, origin
from rules.config.yaml_text import Path, read
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
        (("gifts", "list", 0), True, 5),
        (("gifts", "list", 0, "price"), True, 6),
        (("gifts", "list", 1), True, 4),  # taken whole: the shipped second gift isn't hers
        (("gifts", "list", 0, "groups"), True, 5),  # left out of her gift
        (("kinds", "visit"), True, 9),
        (("kinds", "call"), True, 9),
        (("holidays", 1), False, 14),
        (("holidays", 1, "name"), False, 14),
    ],
)
def test_an_entry_stands_in_her_file_unless_that_leaves_it_to_the_shipped_one(
    path: Path, is_own: bool, line: int
) -> None:
    own, base = read(OWN)[0], read(SHIPPED)[0]
    assert origin(KIND, own, base, path) == Origin(is_own, line)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_in_a_shipped_file_every_entry_is_its_own(language: str) -> None:
    tree = read(shipped()[language])[0]
    lines = shipped()[language].split("\n")
    found = origin(KIND, tree, tree, ("groups", 0))
    assert found.is_own
    assert lines[found.line - 1].strip() == "- name: VIP"


def test_windows_line_ends_and_a_byte_order_mark_move_no_line() -> None:
    own = read("\ufeff" + OWN.replace("\n", "\r\n"))[0]
    assert origin(KIND, own, read(SHIPPED)[0], ("kinds", "visit")).line == 9
