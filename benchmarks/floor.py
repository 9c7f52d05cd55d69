"""The floor: a bare Flask application that gives back recorded pages, and inserts a row for each completed response."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

from flask import Flask, Response, render_template

from tests.site import Site, free_port


def create_floor() -> Flask:
    """One view. Its templates are the recorded bodies; its last request inserts one row, durably."""
    folder = Path(os.environ["FLOOR"])
    app = Flask(__name__, template_folder=str(folder))
    exchanges = json.loads((folder / "exchanges.json").read_text())
    last = len(exchanges) - 1
    database = sqlite3.connect(folder / "floor.sqlite", check_same_thread=False, isolation_level=None, timeout=10)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE IF NOT EXISTS response (id INTEGER PRIMARY KEY, answers TEXT)")

    @app.route("/healthz")
    def healthz() -> str:
        return "ok"

    @app.route("/<int:number>", methods=["GET", "POST"])
    def page(number: int) -> Response:
        body = render_template(f"{number}.html")
        if number == last:
            database.execute("INSERT INTO response (answers) VALUES (?)", (json.dumps({"q": "1" * 900}),))
        return Response(body, exchanges[number])

    return app


def start_floor(exchanges: list[tuple[int, bytes]], place: Path) -> Site:
    """The floor under the platform's own server configuration."""
    folder = place / "floor"
    folder.mkdir()
    for number, (_status, body) in enumerate(exchanges):
        raw = body.decode()
        (folder / f"{number}.html").write_text("{% raw %}" + raw + "{% endraw %}", encoding="utf-8")
    (folder / "exchanges.json").write_text(json.dumps([status for status, _body in exchanges]))
    port = str(free_port())
    site = Site(f"http://127.0.0.1:{port}", {**os.environ, "PORT": port, "FLOOR": str(folder)}, place / "floor.log")
    site.start_web("benchmarks.floor:create_floor()")
    return site
