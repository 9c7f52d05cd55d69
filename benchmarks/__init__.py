"""Figures against a floor, each a command: `python -m benchmarks [name …]`, or all of them with `make bench`."""

import os

# Linear algebra's idle threads spin, and their CPU time would be counted. Read when numpy is first loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
