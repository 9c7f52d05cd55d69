"""From tallies to published estimates: pure functions, no clock, no storage, no web."""
