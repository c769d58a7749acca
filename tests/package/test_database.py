"""Databases by their URL: what holds for every one of them."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from zegel.database import Database


def test_a_new_file_is_opened_when_another_process_is_done_with_it(tmp_path: Path):
    """SQLite refuses the write-ahead log at once, not after its time to wait, while another
    connection is about to write: two processes that open a new file together meet there."""
    file = tmp_path / "new.db"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.2, other.execute, ["COMMIT"]).start()
        with Database(str(file)).writing() as connection:
            connection.exec_driver_sql("CREATE TABLE here (number INTEGER)")
        assert not other.in_transaction
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
