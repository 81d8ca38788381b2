#!/usr/bin/env python3
"""Keeps a copy of all verdicts that a token may read in an SQLite file; fetches only what changed since the last run.

    PORTAL_TOKEN=… python mirror.py https://portal.example.gov.cn status.sqlite3

Table `status`: indicator, region, year, and `row`, the whole row as JSON (see /api/v1/docs/). Run it as often as you
like; a run that breaks off loses nothing, because rows and cursor are stored together, page by page. Needs `requests`.
"""

import json
import os
import sqlite3
import sys
from typing import Any

import requests
from requests.adapters import HTTPAdapter, Retry

SCHEMA = """
CREATE TABLE IF NOT EXISTS status (
    indicator TEXT, region TEXT, year INTEGER, row TEXT NOT NULL, PRIMARY KEY (indicator, region, year)
);
CREATE TABLE IF NOT EXISTS followed (cursor TEXT NOT NULL);
"""


def connect(token: str) -> requests.Session:
    """A session that shows the token, and waits and tries again when the portal is busy (429) or away."""
    session = requests.Session()
    session.headers["Authorization"] = f"Token {token}"
    again = Retry(total=8, backoff_factor=1, status_forcelist=[429, 502, 503, 504])  # heeds Retry-After
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=again))
    return session


def mirror(portal: str, database: sqlite3.Connection, session: requests.Session) -> int:
    """Fetch what changed since the last run; gives the number of changes."""
    database.executescript(SCHEMA)
    [cursor] = database.execute("SELECT cursor FROM followed").fetchone() or ["0"]
    address = f"{portal.rstrip('/')}/api/v1/status/"
    params: dict[str, Any] | None = {"changed_since": cursor, "page_size": 500}
    changes = 0
    while address:
        answer = session.get(address, params=params, timeout=60)
        if cursor != "0" and answer.status_code == 400:  # the token reads other plans than before: begin anew
            database.executescript("BEGIN; DELETE FROM status; DELETE FROM followed; COMMIT;")
            return mirror(portal, database, session)
        if not answer.ok:
            raise SystemExit(f"{answer.status_code}: {answer.text}")
        page = answer.json()
        with database:  # one transaction: rows and cursor belong together
            for row in page["results"]:
                store(database, row)
            database.execute("DELETE FROM followed")
            database.execute("INSERT INTO followed VALUES (?)", [page["cursor"]])
        changes += len(page["results"])
        address, params = page["next"], None
    return changes


def store(database: sqlite3.Connection, row: dict[str, Any]) -> None:
    """Take over a row, or drop it where the portal has it no more."""
    key = [row["indicator"], row["region"], row["year"]]
    if row.get("deleted"):
        database.execute("DELETE FROM status WHERE indicator = ? AND region = ? AND year = ?", key)
    else:
        whole = json.dumps(row, ensure_ascii=False)
        database.execute("INSERT OR REPLACE INTO status VALUES (?, ?, ?, ?)", [*key, whole])


if __name__ == "__main__":
    portal_address, file = sys.argv[1:]
    copy = sqlite3.connect(file)
    found = mirror(portal_address, copy, connect(os.environ["PORTAL_TOKEN"]))
    [total] = copy.execute("SELECT count(*) FROM status").fetchone()
    print(f"{found} changes, {total} rows")  # noqa: T201
