"""Figures against a floor, each a command: `python -m benchmarks [name …]`, or all of them with `make bench`."""
