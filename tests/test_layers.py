"""The walls of the house: what each folder may import, and where SQL may stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[1] / "app"
PURE = ("questionnaire", "estimation", "interchange")
PEOPLE = ("respond", "organize", "research", "track")
WEB = {"flask", "sqlalchemy", "alembic", "apscheduler", "flask_sqlalchemy", "flask_login", "flask_babel", "flask_wtf"}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("random", "random"),
}


def modules(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, tree: ast.Module) -> Iterator[str]:
    """Absolute names of all that a module imports, inside functions too."""
    package = ("app", *path.relative_to(APP).with_suffix("").parts[:-1])
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def rooms_of(name: str) -> str:
    parts = name.split(".")
    return parts[1] if parts[0] == "app" and len(parts) > 1 else ""


@pytest.mark.parametrize("folder", PURE)
def test_pure_folders_know_no_web_no_database_and_none_of_their_users(folder: str) -> None:
    for path, tree in modules(APP / folder):
        for name in imports(path, tree):
            assert name.split(".")[0] not in WEB, f"{path} imports {name}"
            assert rooms_of(name) in ("", *PURE), f"{path} imports {name}"


def test_estimation_knows_numbers_only() -> None:
    for path, tree in modules(APP / "estimation"):
        for name in imports(path, tree):
            assert rooms_of(name) in ("", "estimation"), f"{path} imports {name}"


def test_the_questionnaire_knows_no_file_format() -> None:
    for path, tree in modules(APP / "questionnaire"):
        for name in imports(path, tree):
            assert rooms_of(name) != "interchange", f"{path} imports {name}"


@pytest.mark.parametrize("folder", PURE)
def test_pure_folders_have_no_clock_and_no_global_chance(folder: str) -> None:
    for path, tree in modules(APP / folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert (node.value.id, node.attr) not in CLOCKS, f"{path}:{node.lineno}"
        assert not {"random", "secrets", "time"} & {name.split(".")[0] for name in imports(path, tree)}, path


@pytest.mark.parametrize("folder", PEOPLE)
def test_the_peoples_folders_never_import_one_another(folder: str) -> None:
    others = set(PEOPLE) - {folder}
    for path, tree in modules(APP / folder):
        for name in imports(path, tree):
            assert rooms_of(name) not in others, f"{path} imports {name}"


def test_tracking_reads_estimates_never_responses_or_tallies() -> None:
    forbidden = ("app.storage.responses", "app.storage.tallies", "app.storage.bulk", "app.storage.models.Response")
    for path, tree in modules(APP / "track"):
        for name in imports(path, tree):
            assert not name.startswith(forbidden), f"{path} imports {name}"


def test_sql_stands_in_storage_only() -> None:
    allowed = {APP / "extensions.py", APP / "health.py"}
    for path, tree in modules(APP):
        if (APP / "storage") in path.parents or path in allowed:
            continue
        assert not {"sqlalchemy"} & {name.split(".")[0] for name in imports(path, tree)}, path


def test_storage_knows_no_page() -> None:
    for path, tree in modules(APP / "storage"):
        for name in imports(path, tree):
            assert rooms_of(name) not in (*PEOPLE, "jobs", "accounts", "interchange"), f"{path} imports {name}"
            assert name.split(".")[0] not in ("flask", "wtforms"), f"{path} imports {name}"


def test_every_kind_is_one_file_of_the_registry() -> None:
    from app.questionnaire.kinds import KINDS

    helpers = {"__init__", "base", "choices", "companions", "typed", "written"}
    files = {path.stem for path in (APP / "questionnaire" / "kinds").glob("*.py")} - helpers
    assert files == set(KINDS)
