"""What keeps the program from its work is told in the language of the rules."""

from __future__ import annotations

import datetime as dt
import errno
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from batch import cli, errors
from batch.asking.clientsearch import SeveralClientsError, UnknownClientError
from batch.asking.rehearsal import NothingToRehearseError
from batch.base import NoClientsError, TooManyClientsError
from batch.configuration import ConfigMissingError, read
from batch.export.errors import NoFolderError, NotExportedError, NotOursError
from batch.export.phones import UnknownCountryError
from batch.history.undo import NothingToUndoError
from batch.installation.typed import command
from batch.live import button
from batch.live.errors import CloudFolderError, HalfMovedError, HalfWrittenError, WriteRefusedError
from batch.making.new import make_base
from batch.night.files import NoClientBaseError
from batch.recalculation.file import OutputError
from batch.saving.disk import OwnerNotKept
from batch.saving.inuse import AnotherRun
from batch.saving.replacement import NotSaved
from batch.schedule.errors import (
    NoToolError,
    NotThereError,
    OddNameError,
    RefusedError,
    TooLongError,
)
from batch.writer.tables import TooManyColumnsError, TooManyRowsError
from rules.config.loading import ConfigError
from rules.errors import ClientBaseError
from rules.moves import Move, sentences
from rules.reading.words import DoubleHeadingError, MissingHeadingError
from tests.bases import config
from tests.batch.simple_workbook import CLIENTS, PURCHASES, write
from tests.engines.in_memory import Excel, book_of
from udfs import snapshots
from words import speaking

BASE = Path("База.xlsx")


def cases() -> list[tuple[ClientBaseError, str]]:
    """Errors as they are raised, and their sentences in Russian."""
    return [
        (
            errors.SheetNotFound(BASE, "Клиенты", ["Лист1", "Лист2"]),
            (
                "В книге «База.xlsx» нет листа «Клиенты» (есть: Лист1, Лист2). Переименуйте лист в Excel "
                "или укажите его имя в config.yaml."
            ),
        ),
        (
            errors.SheetNotFound(BASE, "Клиенты", [f"Л{number}" for number in range(1, 10)]),
            (
                "В книге «База.xlsx» нет листа «Клиенты» (есть: Л1, Л2, Л3, Л4, Л5, Л6 и ещё 3). "
                "Переименуйте лист в Excel или укажите его имя в config.yaml."
            ),
        ),
        (
            MissingHeadingError("Покупки", "purchases.date", ["Дата", "День"], ["Код", "Сумма"]),
            (
                "На листе «Покупки» нет столбца «Дата / День» (заголовки на листе: Код, Сумма). "
                "Переименуйте заголовок в книге или укажите columns.purchases.date в config.yaml."
            ),
        ),
        (
            MissingHeadingError("Покупки", "purchases.date", ["Дата"], []),
            (
                "На листе «Покупки» нет столбца «Дата» (заголовки на листе: ни одного). "
                "Переименуйте заголовок в книге или укажите columns.purchases.date в config.yaml."
            ),
        ),
        (
            UnknownClientError("Ана", ["1 Анна", "2 Жанна"]),
            "Клиента «Ана» нет. Похожие: 1 Анна, 2 Жанна. Укажите код, имя или часть имени.",
        ),
        (
            UnknownClientError("Ъ", []),
            "Клиента «Ъ» нет, и похожих нет. Укажите код, имя или часть имени.",
        ),
        (
            SeveralClientsError("анн", ["1 Анна", "2 Жанна"]),
            "Подходят несколько клиентов: «анн» – это 1 Анна, 2 Жанна. Укажите код.",
        ),
        (
            DoubleHeadingError("Клиенты", "clients.name", ["Имя", "ИМЯ", "имя"]),
            (
                "На листе «Клиенты» два заголовка для одного столбца: «Имя» и «ИМЯ» (columns.clients.name)."
                " Переименуйте один из них или укажите нужный в config.yaml."
            ),
        ),
        (
            NoClientsError(BASE, "Клиенты"),
            (
                "«База.xlsx»: на листе «Клиенты» ещё нет клиентов, заполнять нечего. Впишите клиентов (код "
                "и имя) под заголовками и попробуйте ещё раз."
            ),
        ),
        (
            TooManyClientsError(BASE, "Клиенты", 1_000_001, 200_000),
            (
                "«База.xlsx»: на листе «Клиенты» строк с клиентами – 1 000 001, в базе клиентов их может "
                "быть не больше 200 000. Удалите строки, протянутые по ошибке, или увеличьте "
                "limits.clients в config.yaml."
            ),
        ),
        *(
            (
                errors.CellsTaken("Клиенты", ["D2:F9"], found, ["Группа", "ABC"]),
                (
                    f"На листе «Клиенты» нет места для новых столбцов (Группа, ABC): {words} (D2:F9). "
                    "Перенесите или удалите это в Excel либо сами добавьте эти заголовки в таблицу; ничего "
                    "не записано."
                ),
            )
            for found, words in (
                ("there is something in these cells already", "в этих ячейках уже что-то есть"),
                ("cells are merged there", "там объединены ячейки"),
                ("a formula spills there", "там стоит результат формулы массива"),
                ("another table stands there", "там стоит другая таблица"),
                ("the sheet ends there", "лист там кончается"),
            )
        ),
        *(
            (
                errors.TableNotExtendable("Клиенты", "Т", kind, ["Группа", "ABC"]),
                (
                    f"На листе «Клиенты» таблицу «Т» заполняет {words}, поэтому программа не может "
                    "добавить в неё столбцы. Добавьте эти заголовки в Excel сами: Группа, ABC; ничего не "
                    "записано."
                ),
            )
            for kind, words in (("a query", "запрос"), ("an XML map", "карта XML"))
        ),
        (
            WriteRefusedError("Клиенты"),
            (
                "Excel не даёт программе писать на листе «Клиенты»; лист остался прежним. Если он защищён, "
                "снимите защиту (Рецензирование, Снять защиту листа); если вы правите ячейку, закончите "
                "ввод; затем нажмите ещё раз."
            ),
        ),
        (
            CloudFolderError("https://d.docs.live.net/1/База.xlsm"),
            (
                "Эта книга лежит в OneDrive или SharePoint (https://d.docs.live.net/1/База.xlsm), а её "
                "папка на этом компьютере не нашлась, поэтому неизвестно, лежат ли рядом ваши правила "
                "(config.yaml); ничего не записано. Пусть OneDrive хранит эту папку на компьютере, или "
                "переложите книгу в папку не в OneDrive, например C:\\ClientBase."
            ),
        ),
        (
            HalfMovedError("Сегодня", "Контакты"),
            (
                "Excel остановил программу, пока она писала на листе «Сегодня», и не даёт вернуть ячейки. "
                "То, что вы записали в список на день, может стоять и на листе «Контакты». Закройте книгу "
                "без сохранения или удалите повторы в конце листа «Контакты», прежде чем нажать ещё раз."
            ),
        ),
        (
            HalfWrittenError("Клиенты"),
            (
                "Excel остановил программу, пока она писала на листе «Клиенты»; некоторые серые ячейки "
                "могут быть неверны. Уберите помеху (защита листа, незаконченный ввод в ячейке) и нажмите "
                "ещё раз: они запишутся заново. Или закройте книгу без сохранения."
            ),
        ),
        (
            errors.FileInUse(BASE, "is open in Excel", "Анна", Path("~$База.xlsx")),
            (
                "Файл «База.xlsx» открыт в Excel (пользователь Анна). Закройте его в другой программе и "
                "попробуйте ещё раз; ничего не записано. Если его никто не открывал, удалите файл "
                "«~$База.xlsx» рядом с ним."
            ),
        ),
        *(
            (
                errors.FileInUse(BASE, found),
                (
                    f"Файл «База.xlsx» {words}. Закройте его в другой программе и попробуйте ещё раз; "
                    "ничего не записано."
                ),
            )
            for found, words in (
                ("is open in LibreOffice", "открыт в LibreOffice"),
                ("is open in another program", "открыт в другой программе"),
                (
                    "can't be written: it is write-protected or open in another program",
                    "нельзя записать: он защищён от записи или открыт в другой программе",
                ),
                (
                    "can't be opened: another program keeps it locked, or you may not read it",
                    "нельзя открыть: его держит другая программа или у вас нет права его читать",
                ),
                (
                    "was moved or deleted during the calculation",
                    "перемещён или удалён во время расчёта",
                ),
                (
                    "was changed by another program during the calculation",
                    "изменён другой программой во время расчёта",
                ),
            )
        ),
        *(
            (
                NotSaved(BASE, OSError(number, "whatever the computer says")),
                (
                    f"Файл «База.xlsx» не удалось сохранить: {words}. Он остался прежним. Устраните "
                    "причину и попробуйте ещё раз."
                ),
            )
            for number, words in (
                (errno.ENOSPC, "диск переполнен"),
                (errno.EROFS, "папка или .clientbase в ней защищена от записи"),
                (errno.EIO, "диск сообщает о сбое"),
                (
                    errno.ENOTDIR,
                    "на месте нужной папки «.clientbase» лежит файл с таким именем; переименуйте его",
                ),
                (errno.ELOOP, "whatever the computer says"),
            )
        ),
        (
            OwnerNotKept(BASE),
            (
                "Файл «База.xlsx» принадлежит другому пользователю этого компьютера, и тот мог бы больше "
                "не открыть его; ничего не записано. Запустите программу от его имени."
            ),
        ),
        (
            AnotherRun(BASE, 4711, "pc", "03:00", Path(".clientbase-1.lock")),
            (
                "Файл «База.xlsx» с 03:00 заполняет другой запуск этой программы (процесс 4711, pc). "
                "Дождитесь его или добавьте --wait 60; ничего не записано. Если тот компьютер уже "
                "выключен, удалите файл «.clientbase-1.lock» рядом с ним."
            ),
        ),
        (
            NothingToUndoError(BASE, has_runs=False),
            (
                "Файл «База.xlsx»: нет расчёта, который можно отменить. Записи о расчётах лежат в папке "
                ".clientbase рядом с книгой под её именем; если вы перенесли или переименовали книгу, "
                "сначала верните её на место."
            ),
        ),
        (
            NothingToUndoError(BASE, has_runs=True),
            f"Файл «База.xlsx»: все расчёты уже отменены. Их список: {command('log', BASE)}",
        ),
        (
            NothingToRehearseError(),
            (
                "Пробовать нечего: укажите изменённые правила (--config НОВЫЕ.yaml) или другой день "
                "(--today ГГГГ-ММ-ДД)."
            ),
        ),
        (
            UnknownCountryError("UK"),
            (
                "config.yaml: страны «UK» нет. Впишите в country две буквы своей страны, например RU, "
                "KZ, BY или DE."
            ),
        ),
        (
            NoFolderError(),
            (
                "Укажите, в какую папку записать файлы: добавьте, например, --to телефон или впишите "
                "export.folder в config.yaml."
            ),
        ),
        (
            NotOursError(Path("телефон", "sms.csv")),
            (
                "В папке «телефон» уже есть файл «sms.csv», который записала не эта программа. Перенесите "
                "или переименуйте его либо выберите другую папку; ничего не записано."
            ),
        ),
        *(
            (
                NotExportedError(Path("sms.csv"), OSError(number, "whatever the computer says")),
                (
                    f"Не удалось записать «sms.csv»: {words}. Устраните причину и повторите выгрузку; "
                    "книга не затронута."
                ),
            )
            for number, words in (
                (errno.ENOSPC, "диск переполнен"),
                (
                    errno.EACCES,
                    "файл или его папка защищены от записи либо открыты в другой программе",
                ),
                (errno.EIO, "диск сообщает о сбое"),
                (errno.ENOTDIR, "на месте папки лежит файл"),
                (errno.ELOOP, "whatever the computer says"),
            )
        ),
        (
            AnotherRun(BASE, None, "", "03:00", Path(".clientbase-1.lock")),
            (
                "Файл «База.xlsx» с 03:00 заполняет другой запуск этой программы (процесс ?). "
                "Дождитесь его или добавьте --wait 60; ничего не записано."
            ),
        ),
        (
            NoClientBaseError(Path("Базы")),
            (
                "В папке «Базы» нет базы клиентов. Укажите саму книгу или добавьте --recursive, чтобы "
                "искать и во вложенных папках."
            ),
        ),
        (
            NotThereError("База.xlsx"),
            "Файла или папки «База.xlsx» нет. Проверьте имя и место; ничего не настроено.",
        ),
        (
            NoToolError("crontab"),
            (
                "На этом компьютере нет программы «crontab», так расписание не настроить. Выберите "
                "другое значение --system."
            ),
        ),
        *(
            (RefusedError(key, "код\n 5"), f"Ничего не сделано: {words} отвечает отказом (код 5).")
            for key, words in (
                ("windows", "Планировщик заданий Windows"),
                ("systemd", "таймер systemd пользователя"),
                ("launchd", "агент launchd"),
                ("cron", "cron"),
            )
        ),
        (
            OddNameError("a%b%.xlsx", "'%b%'"),
            (
                "«a%b%.xlsx» нельзя записать в расписание этой системы из-за '%b%'. Переименуйте или "
                "укажите папку, в которой он лежит."
            ),
        ),
        (
            TooLongError(990),
            (
                "Вместе имена длиннее, чем допускает эта система (990 знаков). Укажите папку вместо "
                "отдельных книг."
            ),
        ),
        (
            errors.WorkbookMissing(Path("/базы/База.xlsx")),
            f"«База.xlsx»: такого файла нет в папке {Path('/базы').absolute()}. Проверьте имя файла и папку.",
        ),
        (
            errors.NotAZip(BASE, "веб-страница (HTML)"),
            "«База.xlsx»: это не книга Excel, внутри – веб-страница (HTML). Откройте файл в Excel и сохраните: Файл → Сохранить как → Книга Excel (.xlsx).",
        ),
        (
            errors.OldExcelFormat(Path("База.xls")),
            "«База.xls»: это книга старого формата Excel 97–2003 (.xls), с такими программа не работает. Откройте файл в Excel и сохраните: Файл → Сохранить как → Книга Excel (.xlsx).",
        ),
        (
            errors.BinaryWorkbook(Path("База.xlsb")),
            "«База.xlsb»: это двоичная книга Excel (.xlsb), с такими программа не работает. Откройте файл в Excel и сохраните: Файл → Сохранить как → Книга Excel (.xlsx).",
        ),
        (
            errors.OpenDocument(Path("База.ods")),
            "«База.ods»: это файл OpenDocument (.ods), а не книга Excel. Откройте файл в Excel или LibreOffice и сохраните как .xlsx.",
        ),
        (
            errors.Encrypted(BASE),
            "«База.xlsx»: файл защищён паролем на открытие. Снимите этот пароль в Excel: Файл → Сведения → Защита книги → Зашифровать с использованием пароля.",
        ),
        (
            errors.IsAFolder(BASE),
            "«База.xlsx»: это папка. Укажите книгу в этой папке.",
        ),
        (
            errors.NotAWorkbook(BASE, "это документ Word"),
            "«База.xlsx»: это не книга Excel (это документ Word). Откройте файл в Excel и сохраните: Файл → Сохранить как → Книга Excel (.xlsx).",
        ),
        (
            errors.WrongExtension(BASE, ".xlsm"),
            "«База.xlsx»: расширение файла – «.xlsx», а внутри книга .xlsm. Переименуйте файл в «База.xlsm».",
        ),
        (
            errors.Damaged(BASE, "нет конца файла"),
            "«База.xlsx»: файл повреждён – нет конца файла. Откройте файл в Excel и сохраните заново как .xlsx или вернитесь к более ранней копии.",
        ),
        (
            errors.Damaged(BASE, "этой части нет", "xl/styles.xml"),
            "«База.xlsx»: файл повреждён, часть «xl/styles.xml»: этой части нет. Откройте файл в Excel и сохраните заново как .xlsx или вернитесь к более ранней копии.",
        ),
        (
            errors.DuplicateMembers(BASE, "xl/a.xml", "xl/A.xml"),
            "«База.xlsx»: часть «xl/a.xml» лежит в файле дважды (ещё раз как «xl/A.xml»). Откройте файл в Excel и сохраните заново как .xlsx или вернитесь к более ранней копии.",
        ),
        (
            errors.DoubleSheet(BASE, "Клиенты"),
            "«База.xlsx»: в книге два листа с именем «Клиенты», и неясно, какой из них нужен. Переименуйте один из них в той программе, которая сделала файл; в таком виде Excel его не откроет.",
        ),
        (
            errors.UnsafeMember(BASE, "../a.xml"),
            "«База.xlsx»: в файле есть часть с небезопасным именем «../a.xml». Excel таких файлов не пишет: не открывайте его, если не знаете, кто его сделал.",
        ),
        (
            errors.TooLarge(BASE, "число частей", 1_000_001, 2000, "parts"),
            "«База.xlsx»: файл слишком велик, читать его небезопасно: число частей – 1 000 001, а допускается не больше 2 000. Если это действительно ваша база клиентов, удалите в Excel лишние строки и листы или увеличьте limits.parts в config.yaml.",
        ),
        (
            errors.TooLarge(BASE, "часть «xl/workbook.xml» без ячеек, в МБ,", 300, 64),
            "«База.xlsx»: файл слишком велик, читать его небезопасно: часть «xl/workbook.xml» без ячеек, в МБ, – 300, а допускается не больше 64. Если это действительно ваша база клиентов, удалите в Excel лишние строки и листы.",
        ),
        (
            errors.ForbiddenXml(BASE, "xl/styles.xml"),
            "«База.xlsx»: в части «xl/styles.xml» стоит объявление типа документа (DTD), это небезопасно. Excel таких файлов не пишет: не открывайте его, если не знаете, кто его сделал.",
        ),
        (
            errors.StrangeXml(BASE, "xl/styles.xml", "нет форматов ячеек"),
            "«База.xlsx»: в части «xl/styles.xml» стоит то, чего сам Excel никогда не пишет: нет форматов ячеек. Откройте файл в Excel и сохраните заново: тогда он будет записан так, как пишет сам Excel.",
        ),
        (
            errors.NotVerified(BASE, "нет строки 5"),
            "Файл «База.xlsx» остался прежним: программа перечитала новый файл и нашла ошибку: нет строки 5. Это ошибка программы, а не ваша: сообщите о ней, пожалуйста, вместе с этим текстом.",
        ),
        (
            ConfigMissingError(Path("мои.yaml"), "такого файла нет"),
            "Не удалось прочитать правила «мои.yaml»: такого файла нет. Проверьте имя файла.",
        ),
        (
            OutputError(Path("Копии"), "это папка", "Укажите и имя файла в ней."),
            "--output «Копии»: это папка. Укажите и имя файла в ней.",
        ),
        (
            TooManyColumnsError("Клиенты", 20_000),
            "Столбцов для листа «Клиенты» – 20 000, на листе их может быть не больше 16 384. Уберите те, которые не нужны.",
        ),
        (
            TooManyRowsError("Покупки", 2_000_000),
            "Строк для листа «Покупки» – 2 000 000, под заголовками их помещается не больше 1 048 575. Уберите самые старые.",
        ),
        (
            snapshots.NotReadError("База.xlsx"),
            "Сначала нужно прочитать таблицы книги «База.xlsx».",
        ),
    ]


with speaking("ru"):
    CASES = cases()


@pytest.mark.parametrize(
    ("error", "russian"), CASES, ids=[type(error).__name__ for error, _ in CASES]
)
def test_an_error_is_told_in_the_language_spoken(error: ClientBaseError, russian: str) -> None:
    assert str(error) == russian


@pytest.mark.parametrize(
    ("count", "headline"),
    [
        (1, "В файле config.yaml 1 ошибка:"),
        (2, "В файле config.yaml 2 ошибки:"),
        (5, "В файле config.yaml 5 ошибок:"),
        (21, "В файле config.yaml 21 ошибка:"),
        (101, "В файле config.yaml ошибок больше, чем 100:"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_mistakes_in_russian_rules_are_counted_in_russian(
    tmp_path: Path, count: int, headline: str, encoding: str
) -> None:
    rules = tmp_path / "config.yaml"
    mistakes = "".join(f"ключ{number}: 1\n" for number in range(count))
    rules.write_text(f"based_on: ru\n{mistakes}", encoding=encoding)
    with pytest.raises(ConfigError) as caught:
        read(rules)
    lines = str(caught.value).splitlines()
    assert lines[0] == headline
    assert lines[1].startswith(
        "  строка 2, знак 1: ключ0: такого ключа нет; здесь можно: based_on,"
    )


@pytest.mark.parametrize(
    ("count", "became"),
    [
        (1, "1 клиент:"),
        (2, "2 клиента:"),
        (5, "5 клиентов:"),
        (11, "11 клиентов:"),
        (21, "21 клиент:"),
    ],
)
def test_clients_who_moved_are_counted_in_russian(count: int, became: str) -> None:
    move = Move("1", "Анна", "group", "Клиент", "VIP", 1)
    with speaking("ru"):
        (sentence,) = sentences([move] * count, config("based_on: ru"))
    assert sentence.startswith(f"Теперь «VIP» (Группа, правило 1), {became} Анна")


def test_what_the_computer_says_of_a_file_is_told_in_russian(tmp_path: Path) -> None:
    with speaking("ru"), pytest.raises(ConfigMissingError) as caught:
        read(tmp_path / "нет.yaml")
    assert str(caught.value).endswith("нет.yaml»: такого файла нет. Проверьте имя файла.")


Run = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on base.xlsx: its exit code and what it printed, also as an error."""
    monkeypatch.chdir(tmp_path)

    def call(command: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["clientbase", command, "base.xlsx"])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return call


RUSSIAN_RULES = "based_on: ru\nsheets: {clients: Clients, purchases: Purchases}\n"


def double_heading(path: Path) -> None:
    write(path, {"Clients": [["Код", "Имя", "ИМЯ"], ["1", "Анна", "Анна"]]})


def no_clients(path: Path) -> None:
    write(path, {"Clients": [["Код", "Имя"]]})


def open_in_excel(path: Path) -> None:
    write(path)
    path.with_name("~$base.xlsx").write_bytes(b"\x05Maria".ljust(165, b"\0"))


@pytest.mark.parametrize("command", ["recalc", "check"])
@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (double_heading, 2, "два заголовка для одного столбца: «Имя» и «ИМЯ» (columns.clients.name)."),
        (no_clients, 2, "на листе «Clients» ещё нет клиентов, заполнять нечего."),
    ],
)  # fmt: skip
def test_the_commands_tell_it_in_the_language_of_the_rules_with_the_same_exit_code(
    run: Run, tmp_path: Path, make: Callable[[Path], None], code: int, words: str, command: str
) -> None:
    make(tmp_path / "base.xlsx")
    (tmp_path / "config.yaml").write_text(RUSSIAN_RULES, encoding="utf-8")
    ended, out, err = run(command)
    assert (ended, out) == (code, "")
    assert words in err


def test_a_workbook_open_in_excel_is_not_filled_but_may_be_looked_at(
    run: Run, tmp_path: Path
) -> None:
    open_in_excel(tmp_path / "base.xlsx")
    (tmp_path / "config.yaml").write_text(RUSSIAN_RULES, encoding="utf-8")
    ended, out, err = run("recalc")
    assert (ended, out) == (3, "")
    assert "Файл «base.xlsx» открыт в Excel (пользователь Maria)." in err
    assert "открыт" not in run("check")[2]


def test_without_clients_nobody_is_asked_to_save(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "base.xlsx", {"Clients": CLIENTS[:1], "Purchases": PURCHASES[:1]})
    _, _, err = run("recalc")
    assert err == (
        "'base.xlsx': the sheet 'Clients' has no clients yet, so there is nothing to fill. "
        "Type your clients (ID and name) below the headings, and try again.\n"
    )


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (None, "«База.xlsx»: на листе «Клиенты» ещё нет клиентов, заполнять нечего."),
        ("based_on: ru\ngroups: 7", "config.yaml"),
    ],
    ids=["shipped rules", "broken rules"],
)
def test_the_button_and_the_cells_tell_it_in_the_language_of_the_sheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: str | None, sentence: str
) -> None:
    path = tmp_path / BASE.name
    make_base(path, config("based_on: ru"), {}, [])
    if rules is not None:
        (tmp_path / "config.yaml").write_text(rules, encoding="utf-8")
    excel = Excel.open(path)
    book = book_of(excel)
    button.recalculate(book, dt.date(2026, 11, 21))
    assert sentence in str(excel.dialogs)
    assert "База клиентов" in str(excel.dialogs)
    monkeypatch.setattr("xlwings.Book.caller", lambda: book)
    snapshots.read_anew(path.name)
    ((answer,),) = snapshots.answered("CLIENT_GROUP", [[["1"]]], path.name)
    assert sentence in str(answer)
