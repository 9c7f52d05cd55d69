"""HTML and Markdown reduced to plain words: nothing that runs is left, nothing that was said is lost in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.interchange.safe_text import plain_text


@pytest.mark.parametrize(
    ("source", "text", "lost"),
    [
        ("Plain words", "Plain words", False),
        ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3", False),
        ("if a <b then", "if a <b then", False),
        ("<name of the village>", "<name of the village>", False),
        ("R&amp;D &lt;b&gt; caf&eacute; &#x41;", "R&D <b> café A", False),
        ("<p>One</p><p>Two</p>", "One\n\nTwo", False),
        ("one<br>two<br/>three", "one\ntwo\nthree", False),
        ("<p>a</p>\n\n<p>b\nc</p>", "a\n\nb c", False),
        ("<ul>\n<li>x</li>\n<li>y</li></ul>z", "• x\n• y\nz", True),
        ("<b>Bold</b> <span style='color:red'>red</span>", "Bold red", True),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b", True),
        ("<img src='x.png' alt='A flag'> <img src='y.png'>", "A flag [image]", True),
        ("<a href='https://example.org/?a=1&amp;b'>here</a>", "here (https://example.org/?a=1&b)", True),
        ("<a href='javascript:alert(1)'>here</a>", "here", True),
        ("<script>alert(1)</script>a<style>p{}</style>", "a", True),
        ("a<!-- secret -->b", "ab", True),
        ("<o:p>Word</o:p>", "Word", True),
        ("&nbsp; a &nbsp;", "a", False),
    ],
)
def test_html(source: str, text: str, lost: bool) -> None:
    assert plain_text(source) == (text, lost)


@pytest.mark.parametrize(
    ("source", "text", "lost"),
    [
        ("**bold** and *slanted* and __bold__ and _slanted_", "bold and slanted and bold and slanted", True),
        (
            "${my_long_name} and snake_case_words and 5 * 3 * 2",
            "${my_long_name} and snake_case_words and 5 * 3 * 2",
            False,
        ),
        ("# Heading\ntext #1", "Heading\ntext #1", True),
        ("[words](https://example.org)", "words (https://example.org)", True),
        ("a\nb <b>c</b>", "a\nb c", True),
        ("* not a list", "* not a list", False),
    ],
)
def test_markdown(source: str, text: str, lost: bool) -> None:
    assert plain_text(source, markdown=True) == (text, lost)


@given(st.text(st.sampled_from("<>/abpi! -&;#=\"'*_[]()\n\x00\x1b\ud800é"), max_size=60), st.booleans())
def test_what_is_left_is_plain_and_stays_as_it_is_when_shown(source: str, markdown: bool) -> None:
    text, _ = plain_text(source, markdown)
    assert text == text.strip()
    assert all(c.isprintable() or c == "\n" for c in text)


@pytest.mark.parametrize(
    "piece", ["<a ", "<!--", "<![CDATA[", "**a", "_a ", "[", "[a](", "<p>", "&#", "<a href='", "*a*"]
)
def test_what_is_never_closed_ends_all_the_same(piece: str) -> None:
    assert isinstance(plain_text(piece * 10_000, markdown=True)[0], str)
