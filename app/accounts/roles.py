"""Roles, and what somebody who holds some of them may do on which survey."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.storage.users import EVERYWHERE, Grant

ADMINISTRATOR, ORGANIZER, TRANSLATOR, RESEARCHER, VIEWER = (
    "administrator",
    "organizer",
    "translator",
    "researcher",
    "viewer",
)
ROLES = (ADMINISTRATOR, ORGANIZER, TRANSLATOR, RESEARCHER, VIEWER)

# What a page needs: any one of these roles.
TO_ADMINISTER = frozenset({ADMINISTRATOR})
TO_ORGANIZE = frozenset({ADMINISTRATOR, ORGANIZER})
TO_TRANSLATE = frozenset({ADMINISTRATOR, ORGANIZER, TRANSLATOR})
TO_TAKE_DATA = frozenset({ADMINISTRATOR, ORGANIZER, RESEARCHER})
TO_LOOK = frozenset(ROLES)


@dataclass(frozen=True)
class Grants:
    """The roles of one person, each on one survey or on all."""

    held: frozenset[Grant]

    def on(self, survey: str, roles: Iterable[str]) -> bool:
        """Whether the person has one of these roles on a survey."""
        return any((role, scope) in self.held for role in roles for scope in (survey, EVERYWHERE))

    def everywhere(self, roles: Iterable[str]) -> bool:
        """Whether the person has one of these roles on all surveys."""
        return any((role, EVERYWHERE) in self.held for role in roles)

    def anywhere(self, roles: Iterable[str]) -> bool:
        """Whether the person has one of these roles on some survey."""
        wanted = set(roles)
        return any(role in wanted for role, _ in self.held)

    def among(self, surveys: Iterable[str], roles: Iterable[str]) -> list[str]:
        """Those of the surveys on which the person has one of these roles."""
        wanted = set(roles)
        return [survey for survey in surveys if self.on(survey, wanted)]

    def scopes(self, roles: Iterable[str]) -> frozenset[str]:
        """The scopes in which the person has one of these roles."""
        wanted = set(roles)
        return frozenset(scope for role, scope in self.held if role in wanted)
