"""Expressions of other programs: read into one tree, from which ours are written."""
