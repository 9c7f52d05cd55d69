"""Which drawings a trend has: one chart, for wide and for narrow screens, or a panel for each group."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from .conftest import Field, people

PAGE = "/trends/opinion/DD6a"


def panels(page: str) -> list[str]:
    """The panels, one a group."""
    found = page.split('<div class="chart-panels">')[1:]
    return found[0].split("</ul>")[0].split("<li>")[1:] if found else []


def test_many_groups_have_a_panel_each(client: FlaskClient, field: Field) -> None:
    """The whole is one chart; four ages are a panel each."""
    ages = [people(6, "jp", "host", "3", age=age) for age in ("1", "2", "3", "4")]
    field(8, ages, ages=True)
    field(9, ages, ages=True, mode="phone")
    few = client.get(f"{PAGE}?by=all").text
    assert panels(few) == []
    assert 'class="chart chart-narrow"' in few
    many = client.get(f"{PAGE}?by=age").text
    assert 'class="chart chart-' not in many
    shown = panels(many)
    assert [re.search(r"</svg> ([^<]+)</p>", panel)[1] for panel in shown] == [  # type: ignore[index]
        f"{label}: 100%" for label in ("Young", "Grown", "Older", "Old")
    ]
    assert len({re.search(r'class="(series-\d)"', panel)[1] for panel in shown}) == 4  # type: ignore[index]
    assert all(panel.count('<path class="chart-break"') == 1 for panel in shown)
    assert "From September 2026: Mode changed" in many
