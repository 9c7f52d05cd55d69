"""What long-running processes do to their memory once everything is loaded."""

import gc


def settle() -> None:
    """What is loaded stays: the collector need not look through it again and again while requests or jobs run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
