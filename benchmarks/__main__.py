"""Runs the benchmarks named, or all, and prints their reports."""

import importlib
import sys

NAMES = ("answering", "sizes")


def main() -> None:
    for name in sys.argv[1:] or NAMES:
        for line in importlib.import_module(f"benchmarks.{name}").run():
            print(line, flush=True)


main()
