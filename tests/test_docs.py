"""The README says what is true: its commands exist, and every command is in it; its files and addresses exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from flask import Flask

from app import create_app
from app.commands import COMMANDS
from tests.conftest import ROOT, make_settings

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> Iterator[str]:
    for command in COMMANDS:
        if isinstance(command, click.Group):
            yield from (f"{command.name} {inner}" for inner in command.commands)
        else:
            yield str(command.name)


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"flask {command}" in README


def test_every_command_of_the_readme_exists() -> None:
    known = set(commands())
    for words in re.findall(r"flask ([a-z]+(?: [a-z-]+)?)", README):
        assert words in known or words.split()[0] in known, words


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^    |`)make ([a-z]+)", README, re.MULTILINE))
    assert named <= targets
    assert {"run", "test"} <= named


def test_every_file_of_the_readme_exists() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert len(links) > 15
    for link in links:
        assert (ROOT / link).exists(), link


def test_every_setting_of_the_readme_exists() -> None:
    from config import Settings

    for name in re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE):
        assert name.lower() in Settings.model_fields, name


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("docs")
    return create_app(make_settings(folder, f"sqlite:///{folder}/docs.sqlite"))


@pytest.mark.parametrize("address", sorted(set(re.findall(r"`(/[a-zA-Z0-9/-]*)`", README))))
def test_every_address_of_the_readme_leads_somewhere(bare: Flask, address: str) -> None:
    bare.url_map.bind("127.0.0.1").match(address)
