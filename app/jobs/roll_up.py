"""New responses into the tallies, then the estimates of the periods that changed."""

from app.storage import estimates, tallies

from .run import Run

BATCH = 1000


def act(run: Run) -> int:
    """Adds all queued responses; the cost follows them, not those stored. Returns how many were added or taken out."""
    added = 0
    while True:
        run.alive()
        batch = tallies.roll_up(BATCH)
        added += batch
        if batch < BATCH:
            break
    for wave_id, period in tallies.stale_places():
        run.alive()
        estimates.refresh(wave_id, period, run.settings.minimum_group, run.now())
    return added
