"""How a survey's figures are made: the waves behind them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from app.storage import surveys

from .conftest import NOW, SPLIT, Field


def test_methods_list_waves_that_were_held(app: Flask, client: FlaskClient, field: Field) -> None:
    field(8, SPLIT)
    with app.app_context():
        surveys.open_wave("opinion", "cancelled", NOW, opens_at=NOW + timedelta(days=1))
        assert "cancelled" in client.get("/methods/opinion").text
        surveys.close_wave("opinion", "cancelled", NOW)
    page = client.get("/methods/opinion").text
    assert "cancelled" not in page
    assert "<td>1 August 2026</td><td>27 August 2026</td>" in page
