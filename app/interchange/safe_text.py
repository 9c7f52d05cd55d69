"""Words with HTML or Markdown in them, as other programs keep labels, reduced to plain text.

Paragraphs and line breaks stay line breaks, list items become lines, links and images their words; scripts and styles
vanish with what they hold. Time is linear in the length of the text.
"""

from __future__ import annotations

import html
import re
import unicodedata

import nh3

_SILENT = {"script", "style", "template", "noscript", "iframe", "object", "title", "textarea", "svg", "math"}
_LINES = {
    *("p", "div", "br", "hr", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "blockquote", "pre", "section"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "article", "header", "footer", "figure", "figcaption"),
}
_INLINE = {
    *("a", "abbr", "acronym", "b", "big", "body", "center", "cite", "code", "del", "dfn", "em", "font", "head", "html"),
    *("i", "img", "ins", "kbd", "label", "mark", "meta", "o", "q", "rp", "rt", "ruby", "s", "samp", "small", "span"),
    *("strike", "strong", "sub", "sup", "tbody", "td", "tfoot", "th", "thead", "tt", "u", "var", "audio", "video"),
    *("source", "input", "button", "select", "option", "form", "link", "caption", "col", "colgroup", "nobr", "wbr"),
}
# These say no more than where lines end.
_PLAIN = {"p", "div", "br", "body", "html"}
_KEPT = {*_LINES, "a", "img", "td", "th"}

# Word processors leave tags of their own, such as <o:p>.
_KNOWN = "|".join((*sorted({*_SILENT, *_LINES, *_INLINE}), "[a-z]{1,10}:[a-z]{1,20}"))
# What only looks like a tag or an entity, as "<name of the village>", "a <b" or "R&D", is text.
_NO_TAG = re.compile(rf"<(?!/?(?:{_KNOWN})(?:[\s/][^<>]*)?>|!--)", re.IGNORECASE)
_NO_ENTITY = re.compile(r"&(?!#?[A-Za-z0-9]{1,31};)")
_TAG = re.compile(rf"</?({_KNOWN})(?=[\s/>])", re.IGNORECASE)
_MARKUP = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_VALUE = re.compile(r'(alt|href)="([^"]*)"')
_EMPHASIS = (
    (re.compile(r"\*\*(?=\S)([^*\n]{1,2000}?)(?<=\S)\*\*"), r"\1"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,2000}?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w{_])__(?=\S)([^_\n]{1,2000}?)(?<=\S)__(?!\w)"), r"\1"),
    (re.compile(r"(?<![\w{_])_(?=\S)([^_\n]{1,2000}?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"^#{1,6}[ \t]+", re.MULTILINE), ""),
    (re.compile(r"!\[([^\]\[\n]{0,500})\]\([^()\s]{0,2000}\)"), r"[\1]"),
    (re.compile(r"\[([^\]\[\n]{1,500})\]\(([^()\s]{1,2000})\)"), r"\1 (\2)"),
)


def can_be_printed(text: str) -> bool:
    """Whether a line has nothing but what can be seen, and blanks: Python counts only one of these as printable, not
    the full-width one, which stands in Japanese names and before paragraphs."""
    return all(c.isprintable() or unicodedata.category(c) == "Zs" for c in text)


def plain_text(source: str, markdown: bool = False) -> tuple[str, bool]:
    """The words of a text that may hold HTML (and Markdown), and whether anything but line ends was lost.

    Line ends of the source stay where it has no paragraphs or breaks of HTML, which would say so themselves, and in
    Markdown always.
    """
    source = _UNREADABLE.sub("", source)
    if "<" not in source and "&" not in source:
        text, lost = source, False
    else:
        text, lost = _without_tags(source, markdown)
    if markdown:
        text, shortened = _without_emphasis(text)
        lost = lost or shortened
    return _tidy(text), lost


def _without_tags(source: str, markdown: bool) -> tuple[str, bool]:
    source = _NO_ENTITY.sub("&amp;", _NO_TAG.sub("&lt;", source))
    tags = {match[1].lower() for match in _TAG.finditer(source)}
    lost = "<!--" in source or not tags <= _PLAIN
    if tags & _LINES and not markdown:
        source = re.sub(r"\s+", " ", source)
    clean = nh3.clean(
        source,
        tags=_KEPT,
        clean_content_tags=_SILENT,
        attributes={"img": {"alt"}, "a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return html.unescape(_as_lines(clean)), lost


def _as_lines(clean: str) -> str:
    """Well-formed HTML as text, its entities as they are."""
    parts: list[str] = []
    links: list[str] = []
    end = 0
    for match in _MARKUP.finditer(clean):
        parts.append(clean[end : match.start()])
        end = match.end()
        closing, tag, attributes = match.groups()
        values: dict[str, str] = dict(_VALUE.findall(attributes))
        if tag == "img":
            parts.append(values.get("alt", "").strip() or "[image]")
        elif tag == "a" and not closing:
            links.append(values.get("href", ""))
        elif tag == "a":
            target = links.pop() if links else ""
            shown = target.startswith(("http:", "https:", "mailto:")) and target not in parts[-1]
            parts.append(f" ({target})" if shown else "")
        elif tag in ("td", "th"):
            parts.append(" " if closing else "")
        elif tag == "li":
            parts.append("" if closing else "\n• ")
        else:
            parts.append("\n")
    return "".join([*parts, clean[end:]])


def _without_emphasis(text: str) -> tuple[str, bool]:
    before = text
    for pattern, words in _EMPHASIS:
        text = pattern.sub(words, text)
    return text, text != before


def _tidy(text: str) -> str:
    """One line end of each sort, no spaces around it, no empty lines but between paragraphs, no control characters."""
    text = re.sub("\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text).replace("\u00a0", " ")
    text = _UNREADABLE.sub("", text)
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()
