"""Every function by its name. Adding one is a line in the file of its kind, and one in docs/questionnaires.md."""

from __future__ import annotations

from .date_functions import DATE_FUNCTIONS
from .function import Function, Type, Want, takes
from .number_functions import NUMBER_FUNCTIONS
from .text_functions import TEXT_FUNCTIONS

FUNCTIONS: dict[str, Function] = {
    **TEXT_FUNCTIONS,
    **NUMBER_FUNCTIONS,
    **DATE_FUNCTIONS,
    # `compiler` has what these do: they do not need all of their arguments, or read more than these.
    "if": Function(None, None, **takes(Want.CONDITION, Want.VALUE, Want.VALUE)),
    "coalesce": Function(None, None, **takes(Want.VALUE, Want.VALUE, more=True)),
    "today": Function(None, Type.DATE, **takes()),
    # Nothing here changes from one reading to the next, so once is always.
    "once": Function(lambda value: value, None, **takes(Want.VALUE)),
}
