"""Charts as PNG: the same as the SVG, never with empty boxes, and never with what a wording would bring in."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.track.picture import ELEMENTS, picture

from .conftest import SPLIT, Field

PAGE = "/trends/opinion/DD6a"


def test_png_is_the_svg_as_a_picture(client: FlaskClient, field: Field) -> None:
    field(8, SPLIT)
    for language in ("en", "ja"):
        response = client.get(f"{PAGE}.png?lang={language}")
        assert response.mimetype == "image/png"
        assert response.data.startswith(b"\x89PNG\r\n\x1a\n")
        width = re.search(r'<svg [^>]*?width="([\d.]+)"', client.get(f"{PAGE}.svg").text)
        assert width
        assert int.from_bytes(response.data[16:20]) == 2 * float(width[1])
    assert client.get(f"{PAGE}.png?lang=ja").data != client.get(f"{PAGE}.png?lang=en").data
    assert f'href="{PAGE}.png?by=country&amp;show=support&amp;lang=en"' in client.get(f"{PAGE}?lang=en").text


def test_no_png_with_empty_boxes_for_characters_that_no_font_has(client: FlaskClient, field: Field) -> None:
    field(8, SPLIT, wording="Bases \U0010fff0")
    response = client.get(f"{PAGE}.png")
    assert response.status_code == 503
    assert response.mimetype == "text/plain"
    assert "no font for some characters of this chart, such as “\U0010fff0”" in response.text
    assert client.get(f"{PAGE}.svg").status_code == 200


def test_markup_in_a_wording_stays_text_in_svg_and_png(client: FlaskClient, field: Field, tmp_path: Path) -> None:
    file = tmp_path / "secret.svg"
    file.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>')
    image = f"<image href='{file}' width='900' height='900'/>"
    field(8, SPLIT, wording=f"</text>{image}")
    root = ET.fromstring(client.get(f"{PAGE}.svg").text)  # noqa: S314 - our own output
    assert {element.tag.split("}")[1] for element in root.iter()} == ELEMENTS
    assert client.get(f"{PAGE}.png").status_code == 200


@pytest.mark.parametrize(
    "svg", ['<svg><image href="/etc/hostname"/></svg>', "<!DOCTYPE svg><svg></svg>", "<svg><x:use/></svg>"]
)
def test_a_picture_is_made_of_charts_only(svg: str) -> None:
    with pytest.raises(ValueError, match="a chart has no"):
        picture(svg)
