"""Matrix sampling: each response is asked some of the questions or rows named, drawn by its seed."""

from typing import ClassVar, Literal

from pydantic import Field

from .base import Model, Name, Text, Whole
from .companions import Listed


class SampleParameters(Model):
    ask: Whole = Field(ge=1, le=1000)


class Sample(Listed):
    meaning: ClassVar[Text] = {
        "en": "Those of these that were asked, with spaces between them",
        "ja": "次のうち質問したもの（空白区切り）",
    }

    kind: Literal["sample"]
    of: tuple[Name, ...] = Field(min_length=2, max_length=1000)
    parameters: SampleParameters

    @property
    def items(self) -> tuple[str, ...]:
        return self.of
