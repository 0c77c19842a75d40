"""A task of the Windows Task Scheduler.

Its own reader runs on Windows only. Here the definition is held against the part of the documented
schema that it uses, transcribed below: names, order, and what may stand in them.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import pytest
from lxml import etree

from batch.schedule.errors import NoToolError, OddNameError, RefusedError, TooLongError
from batch.schedule.windows import Windows
from tests.batch.schedule.computers import HOSTILE, Programs, computer, job

SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
FOR_WINDOWS = tuple(name for name in HOSTILE if name != "100%")
SCHEMA = f"""
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{SPACE}" targetNamespace="{SPACE}"
    elementFormDefault="qualified">
  <xs:simpleType name="path"><xs:restriction base="xs:string">
    <xs:minLength value="1"/><xs:maxLength value="260"/></xs:restriction></xs:simpleType>
  <xs:element name="Task"><xs:complexType>
    <xs:all>
      <xs:element name="RegistrationInfo"><xs:complexType><xs:all>
        <xs:element name="Description" type="xs:string"/></xs:all></xs:complexType></xs:element>
      <xs:element name="Triggers"><xs:complexType><xs:sequence>
        <xs:element name="CalendarTrigger"><xs:complexType><xs:sequence>
          <xs:element name="Enabled" type="xs:boolean"/>
          <xs:element name="StartBoundary" type="xs:dateTime"/>
          <xs:element name="EndBoundary" type="xs:dateTime" minOccurs="0"/>
          <xs:element name="ExecutionTimeLimit" type="xs:duration" minOccurs="0"/>
          <xs:element name="RandomDelay" type="xs:duration" minOccurs="0"/>
          <xs:element name="ScheduleByDay"><xs:complexType><xs:all>
            <xs:element name="DaysInterval" type="xs:unsignedInt"/></xs:all></xs:complexType>
          </xs:element></xs:sequence></xs:complexType></xs:element>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="Settings"><xs:complexType><xs:all>
        <xs:element name="MultipleInstancesPolicy"><xs:simpleType><xs:restriction base="xs:string">
          <xs:enumeration value="Parallel"/><xs:enumeration value="Queue"/>
          <xs:enumeration value="IgnoreNew"/><xs:enumeration value="StopExisting"/>
        </xs:restriction></xs:simpleType></xs:element>
        <xs:element name="DisallowStartIfOnBatteries" type="xs:boolean"/>
        <xs:element name="StopIfGoingOnBatteries" type="xs:boolean"/>
        <xs:element name="StartWhenAvailable" type="xs:boolean"/>
        <xs:element name="RunOnlyIfNetworkAvailable" type="xs:boolean"/>
        <xs:element name="Enabled" type="xs:boolean"/>
        <xs:element name="Hidden" type="xs:boolean"/>
        <xs:element name="WakeToRun" type="xs:boolean"/>
        <xs:element name="ExecutionTimeLimit" type="xs:duration"/>
        <xs:element name="Priority"><xs:simpleType><xs:restriction base="xs:byte">
          <xs:minInclusive value="0"/><xs:maxInclusive value="10"/></xs:restriction></xs:simpleType>
        </xs:element></xs:all></xs:complexType></xs:element>
      <xs:element name="Principals"><xs:complexType><xs:sequence>
        <xs:element name="Principal"><xs:complexType><xs:all>
          <xs:element name="UserId" type="path"/>
          <xs:element name="LogonType"><xs:simpleType><xs:restriction base="xs:string">
            <xs:enumeration value="InteractiveToken"/></xs:restriction></xs:simpleType></xs:element>
          <xs:element name="RunLevel"><xs:simpleType><xs:restriction base="xs:string">
            <xs:enumeration value="LeastPrivilege"/></xs:restriction></xs:simpleType></xs:element>
          </xs:all><xs:attribute name="id" type="xs:ID" use="required"/></xs:complexType>
        </xs:element></xs:sequence></xs:complexType></xs:element>
      <xs:element name="Actions"><xs:complexType><xs:sequence>
        <xs:element name="Exec"><xs:complexType><xs:all>
          <xs:element name="Command" type="path"/>
          <xs:element name="Arguments" type="xs:string"/>
          <xs:element name="WorkingDirectory" type="path"/></xs:all></xs:complexType></xs:element>
        </xs:sequence><xs:attribute name="Context" type="xs:IDREF"/></xs:complexType></xs:element>
    </xs:all>
    <xs:attribute name="version" fixed="1.2"/>
  </xs:complexType></xs:element>
</xs:schema>
"""


def windows(programs: Programs | None = None) -> Windows:
    environment = {"USERDOMAIN": "R&D"}
    return Windows(computer(Path("C:/Users/vera"), "win32", programs or Programs(), **environment))


def task(*arguments: str) -> etree._Element:
    (piece,) = windows().pieces(job(*arguments))
    return etree.fromstring(piece.text.encode("utf-16"))


def value(tree: etree._Element, name: str) -> str:
    return str(tree.findtext(f".//{{{SPACE}}}{name}"))


def test_the_task_is_as_the_documented_schema_wants_it() -> None:
    schema = etree.XMLSchema(etree.fromstring(SCHEMA))
    schema.assertValid(task(*FOR_WINDOWS))
    wrong = task()
    trigger = wrong.find(f".//{{{SPACE}}}CalendarTrigger")
    assert trigger is not None
    trigger.append(trigger[0])
    assert not schema.validate(wrong)


def test_the_task_needs_no_rights_and_makes_up_for_a_missed_night() -> None:
    made = task()
    assert value(made, "UserId") == "R&D\\vera"
    assert value(made, "StartBoundary") == "2026-11-22T02:10:00"
    for name, wanted in {
        "LogonType": "InteractiveToken",
        "RunLevel": "LeastPrivilege",
        "StartWhenAvailable": "true",
        "MultipleInstancesPolicy": "IgnoreNew",
        "DisallowStartIfOnBatteries": "false",
        "StopIfGoingOnBatteries": "false",
        "ExecutionTimeLimit": "PT2H",
    }.items():
        assert value(made, name) == wanted


def words(line: str) -> list[str]:
    """A command line as Windows programs take it apart (Microsoft's rules for argv)."""
    found, word, is_quoted, is_word, at = [], "", False, False, 0
    while at < len(line):
        slashes = len(line) - at - len(line[at:].lstrip("\\"))
        at += slashes
        if at < len(line) and line[at] == '"':
            word += "\\" * (slashes // 2)
            if slashes % 2:
                word += '"'
            else:
                is_quoted = not is_quoted
            is_word, at = True, at + 1
            continue
        word += "\\" * slashes
        if at < len(line) and line[at] in " \t" and not is_quoted:
            if is_word or word:
                found.append(word)
            word, is_word, at = "", False, at + 1
        elif at < len(line):
            word, at = word + line[at], at + 1
    return [*found, word] if is_word or word else found


def test_the_program_gets_every_word_as_it_is() -> None:
    odd = (*FOR_WINDOWS, "C:\\My folder\\", 'a\\"b', "")
    line = value(task(*odd), "Arguments")
    assert words(line) == ["-m", "batch", "nightly", *odd]
    if sys.platform == "win32":
        split = ctypes.windll.shell32.CommandLineToArgvW
        split.restype = ctypes.POINTER(ctypes.c_wchar_p)
        count = ctypes.c_int()
        parts = split(f"x {line}", ctypes.byref(count))
        assert parts[1 : count.value] == ["-m", "batch", "nightly", *odd]


@pytest.mark.parametrize(
    ("names", "found"), [(("%TEMP%",), "%TEMP%"), (("5%", "6% x"), "%"), (("$(Arg0)",), "$(")]
)
def test_what_windows_would_replace_is_refused(names: tuple[str, ...], found: str) -> None:
    with pytest.raises(OddNameError) as refused:
        windows().pieces(job(*names))
    assert found in refused.value.found


@pytest.mark.parametrize(("length", "fits"), [(260, True), (261, False)])
def test_a_folder_with_a_longer_path_than_a_task_takes_is_refused(length: int, fits: bool) -> None:
    wanted = job(folder="/" + "x" * (length - 1))
    if fits:
        assert windows().pieces(wanted)
    else:
        with pytest.raises(TooLongError, match="260 signs"):
            windows().pieces(wanted)


def test_setting_it_up_twice_replaces_it_and_removing_takes_it_away() -> None:
    programs = Programs()
    system = windows(programs)
    assert system.installed() == []
    system.install(job("one.xlsx"))
    system.install(job("Мои базы.xlsx"))
    assert "Мои базы.xlsx" in str(programs.task)
    (piece,) = system.installed()
    assert "Мои базы.xlsx" in piece.text
    created = programs.asked[-2]
    assert created[:5] == ("schtasks", "/Create", "/TN", "clientbase-nightly-vera", "/XML")
    assert created[-1] == "/F"
    assert not Path(created[5]).exists()
    system.remove()
    assert programs.asked[-1] == ("schtasks", "/Delete", "/TN", "clientbase-nightly-vera", "/F")
    assert system.installed() == []


def test_where_windows_refuses_it_is_told() -> None:
    with pytest.raises(
        RefusedError, match=r"the Windows Task Scheduler refused \(Access is denied\.\)"
    ):
        windows(Programs(failing=("/Create",))).install(job())


def test_elsewhere_than_on_windows_it_is_told() -> None:
    with pytest.raises(NoToolError, match="'schtasks' isn't on this computer"):
        windows(Programs(missing=frozenset({"schtasks"}))).install(job())
