"""The store against plain `sqlite3`, in one run: inserts, a page of 100,000 cases, search, opening.

Both sides run the same SQL on the same rows with WAL and `synchronous=FULL`; ours besides with
encryption and the journal. Ratios count; the times of the verbs, which build views, stand below.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from casework.catalogue import spellings
from store import cases, keys, residents, search
from store.open import OpenStore, create_store, unlock
from store.secrets import FileBox

CASES, RESIDENTS, INSERTS = 100_000, 50_000, 10_000
PASSWORD = "bench horse 9"
NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志"
NAMES = """
id number service_id service_version applicant applicant_id_no applicant_phone status accepted_at
accepted_by operator_id touched_at due_on
"""
COLUMNS = NAMES.split()
INSERT = f"INSERT INTO case_file ({', '.join(COLUMNS)}) VALUES ({', '.join('?' for _ in COLUMNS)})"
INDEX = "INSERT INTO case_search(rowid, words) VALUES (?, ?)"
PAGE = "SELECT * FROM case_file ORDER BY touched_at DESC LIMIT 50"
FIND = "SELECT rowid FROM case_search WHERE words MATCH ? ORDER BY rowid DESC LIMIT 500"
BARS = {"open": 2.0, "10,000 inserts": 2.0, "page": 1.5, "search": 1.5}


def show(what: str, ours: float, plain: float, bar: float = 0.0) -> None:
    judged = "" if not bar else f"  (bar {bar}: {'met' if ours / plain <= bar else 'MISSED'})"
    ratio = f"{ours / plain:6.2f}"
    line = f"{what:38} {ours * 1000:9.2f} ms {plain * 1000:9.2f} ms {ratio}{judged}"
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sys.stdout.write(f"{'':38} {'the store':>12} {'sqlite3':>12}  ratio\n")
        store = _opened(folder)
        plain = _plain(folder / "plain.db", store)
        _measure(store, plain)
        plain.close()
        store.close()


def _opened(folder: Path) -> OpenStore:
    cost = keys.calibrate()
    box, profile = FileBox(folder / "device"), folder / "office"
    create_store(
        profile,
        login="li",
        name="li",
        password=PASSWORD,
        role="administrator",
        secret=box,
        operator_id=UUID(int=1),
        now=NOW,
        cost=cost,
    )
    spent, password_alone = [], []
    for _ in range(7):
        began = time.perf_counter()
        store = unlock(profile, "li", PASSWORD, secret=box, now=NOW)
        spent.append(time.perf_counter() - began)
        store.close()
        file, device = keys.load(profile), box.get(keys.load(profile).store_id) or b""
        password_alone.append(_timed(partial(keys.open_doors, file, "li", PASSWORD, device)))
    ours, least = statistics.median(spent), statistics.median(password_alone)
    show("open with key, to argon2id alone", ours, least, BARS["open"])
    return unlock(profile, "li", PASSWORD, secret=box, now=NOW)


def _plain(path: Path, store: OpenStore) -> sqlite3.Connection:
    made = sqlite3.connect(path, isolation_level=None)
    made.execute("PRAGMA journal_mode=wal")
    made.execute("PRAGMA synchronous=full")
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE tbl_name IN ('operator', 'case_file')"
            " AND sql NOT NULL ORDER BY type DESC"
        ).all()
    for (sql,) in rows:
        made.execute(sql)
    made.execute("CREATE VIRTUAL TABLE case_search USING fts5(words, content='')")
    return made


def _measure(store: OpenStore, plain: sqlite3.Connection) -> None:
    chance = random.Random(1)
    rows = [_row(n, chance) for n in range(CASES)]
    fresh, rest = rows[:INSERTS], rows[INSERTS:]
    ours = _timed(lambda: store.writer.submit(_insert, fresh).result())
    show(
        "10,000 inserts", ours, _timed(lambda: _insert_plain(plain, fresh)), BARS["10,000 inserts"]
    )
    store.writer.submit(_insert, rest).result()
    _insert_plain(plain, rest)
    singles = [_row(CASES + n, chance) for n in range(200)]
    ours = _timed(lambda: [store.writer.submit(_insert, [one]).result() for one in singles])
    show("200 commits of one row (two syncs)", ours, _timed(lambda: _singly(plain, singles)))
    words = [(n + 1, search.pairs(_words(row))) for n, row in enumerate(rows)]
    store.writer.submit(_index, words).result()
    _index_plain(plain, words)
    with Session(store.engine.execution_options(read_only=True)) as session:
        raw: Any = session.connection().connection.driver_connection
        both = (partial(_all, raw), partial(_all, plain))
        ours, theirs = (_median(partial(do, PAGE)) for do in both)
        show("page of 50 of 100,000", ours, theirs, BARS["page"])
        person = rows[70_000]
        for what, wanted in {
            "two characters": person[4][:2],
            "whole name": person[4],
            "initials": "".join(spellings(person[4])[1:])[:2],
            "number of the ID, whole": person[5],
            "last six digits": person[5][-6:],
            "phone": person[6],
            "case number": person[1],
        }.items():
            query = search.query_of(wanted)
            ours, theirs = (_median(partial(do, FIND, (query,))) for do in both)
            show(f"search, {what}", ours, theirs, BARS["search"])
    _verbs(store, rows)


def _verbs(store: OpenStore, rows: list[tuple[Any, ...]]) -> None:
    sys.stdout.write(f"\nverbs, {CASES} cases and {RESIDENTS} residents, bar 50 ms\n")
    chance = random.Random(2)
    people = [_person(n, chance) for n in range(RESIDENTS)]
    began = time.perf_counter()
    store.writer.submit(residents.take_over, people, NOW).result()
    sys.stdout.write(f"{RESIDENTS} residents taken over in {time.perf_counter() - began:.1f} s\n")
    case, person = rows[70_000], people[30_000]
    for what, wanted in {
        "nothing typed": "",
        "two characters": case[4][:2],
        "whole name": case[4],
        "ID": case[5],
        "last six digits": case[5][-6:],
        "phone": case[6],
        "case number": case[1],
        "every case": "高龄",
        "every case, a status few have": "高龄|closed",
    }.items():
        typed, _, status = wanted.partition("|")
        ask = cases.Wanted(text=typed, status=(status,) if status else (), limit=50)
        _show_verb(f"cases, {what}", _median(partial(store.read, cases.list_cases, ask), 15))
    for what, wanted in {
        "one character": person.name[0],
        "two characters": person.name[:2],
        "pinyin": spellings(person.name)[0],
        "initials": spellings(person.name)[-1],
        "ID": person.id_no,
        "last six digits": person.id_no[-6:],
        "phone": person.phone,
        "village": person.village,
    }.items():
        found = store.read(residents.find, wanted)
        assert found or what == "nothing", what
        _show_verb(f"residents, {what}", _median(partial(store.read, residents.find, wanted), 15))


def _show_verb(what: str, spent: float) -> None:
    judged = "met" if spent <= 0.05 else "MISSED"
    sys.stdout.write(f"{what:38} {spent * 1000:9.2f} ms  {judged}\n")


def _row(n: int, chance: random.Random) -> tuple[Any, ...]:
    at = NOW - timedelta(minutes=CASES - n)
    stamp = round(at.timestamp() * 1000)
    return (
        UUID(int=1000 + n).hex,
        f"530102101{at:%Y%m%d}-{n:06d}",
        "gaoling-jintie",
        "1",
        _name(chance),
        _id_no(chance),
        f"13{chance.randrange(10**9):09d}",
        "closed" if n % 1000 == 7 else "accepted",
        stamp,
        "李示例",
        UUID(int=1).hex,
        stamp,
        f"{at:%Y-%m-%d}",
    )


def _words(row: tuple[Any, ...]) -> str:
    return " ".join((row[4], row[5], row[6], row[1], *spellings(row[4]), "高龄津贴 gaoling gljt"))


def _person(n: int, chance: random.Random) -> residents.Resident:
    name = _name(chance)
    return residents.Resident(
        id=UUID(int=10_000_000 + n),
        name=name,
        id_no=_id_no(chance),
        phone=f"13{chance.randrange(10**9):09d}",
        household=f"H{n // 3:06d}",
        relation="01" if n % 3 == 0 else "20",
        village=f"{'东西南北'[n % 4]}山村{n % 60}组",
        address=f"{'东西南北'[n % 4]}山村{n % 60}组{n // 3}号",
        spelled=" ".join(spellings(name)),
    )


def _name(chance: random.Random) -> str:
    return chance.choice(FAMILY) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))


def _id_no(chance: random.Random) -> str:
    day = datetime(1940, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(29_000))
    return f"530102{day:%Y%m%d}{chance.randrange(1000):03d}{chance.choice('0123456789X')}"


def _insert(session: Session, rows: list[tuple[Any, ...]]) -> None:
    session.connection().exec_driver_sql(INSERT, rows)


def _insert_plain(plain: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
    plain.execute("BEGIN IMMEDIATE")
    plain.executemany(INSERT, rows)
    plain.execute("COMMIT")


def _singly(plain: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
    for one in rows:
        _insert_plain(plain, [one])


def _index(session: Session, words: list[tuple[int, str]]) -> None:
    session.connection().exec_driver_sql(INDEX, words)
    session.execute(text("INSERT INTO case_search(case_search) VALUES ('optimize')"))


def _index_plain(plain: sqlite3.Connection, words: list[tuple[int, str]]) -> None:
    plain.execute("BEGIN IMMEDIATE")
    plain.executemany(INDEX, words)
    plain.execute("INSERT INTO case_search(case_search) VALUES ('optimize')")
    plain.execute("COMMIT")


def _all(raw: Any, sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
    found: list[Any] = raw.execute(sql, parameters).fetchall()
    return found


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _median(do: Callable[[], object], times: int = 41) -> float:
    return statistics.median(_timed(do) for _ in range(times))


if __name__ == "__main__":
    main()
