"""Regular expressions that cannot hang: RE2's, whose time grows with the length of the text and no faster."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import re2

from .errors import ExpressionError

LONGEST_PATTERN = 1_000
# Bytes for one pattern: a hundred times what real ones take, and small enough that the slowest takes a tenth of a
# second on the longest text.
_MEMORY = 1 << 18
_BACKWARDS = re.compile(r"\\(?:[1-9]|k[<{'])|\(\?P=")
_AROUND = re.compile(r"\(\?<?[=!]")
_UNICODE = re.compile(r"(\\\\)|\\u([0-9A-Fa-f]{4})")


@lru_cache(maxsize=1024)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Tells whether a whole text matches a pattern. Raises ExpressionError."""
    if len(pattern) > LONGEST_PATTERN:
        raise ExpressionError("The pattern is longer than %(limit)s characters.", limit=LONGEST_PATTERN)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        # RE2 writes U+3042 as \x{3042}, where XLSForm's engines have \u3042.
        compiled = re2.compile(_UNICODE.sub(lambda m: m[1] or rf"\x{{{m[2]}}}", pattern), options)
    except (re2.error, UnicodeEncodeError) as error:
        raise _refused(pattern, error) from None
    return lambda text: compiled.fullmatch(text.encode("utf-8", "replace")) is not None


def _refused(pattern: str, error: Exception) -> ExpressionError:
    shown = pattern if len(pattern) <= 60 else pattern[:60] + "…"
    unescaped = pattern.replace(r"\\", "")
    if _AROUND.search(unescaped):
        return ExpressionError(
            "The pattern “%(pattern)s” looks around with (?= or (?!, which is not known.", pattern=shown
        )
    if _BACKWARDS.search(unescaped):
        return ExpressionError("The pattern “%(pattern)s” refers back to a group, which is not known.", pattern=shown)
    reason = error.args[0] if error.args else ""
    words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else "?"
    return ExpressionError("The pattern “%(pattern)s” cannot be read (%(reason)s).", pattern=shown, reason=words)
