"""The registry of question kinds. A file in this folder with a Question class whose `kind` is a literal *is* a kind."""

import importlib
import pkgutil
from typing import TYPE_CHECKING, Annotated, Union, get_args

from pydantic import Field

from .base import Question


def _load() -> dict[str, type[Question]]:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    found: dict[str, type[Question]] = {}
    waiting: list[type[Question]] = [Question]
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        for kind in get_args(cls.model_fields["kind"].annotation):
            found[kind] = cls
    return dict(sorted(found.items()))


KINDS: dict[str, type[Question]] = _load()
"""Every kind by its word in the questionnaire language."""

if TYPE_CHECKING:
    AnyQuestion = Question
else:
    AnyQuestion = Annotated[Union[tuple(KINDS.values())], Field(discriminator="kind")]  # noqa: UP007
