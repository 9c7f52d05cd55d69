"""New responses into the tallies, then the estimates of the periods that changed."""

from app.storage import recount, refreshing, tallies

from .run import Run

BATCH = 1000


def act(run: Run) -> int:
    """Adds all queued responses; the cost follows them, not those stored. Returns how many were added or taken out."""
    added = 0
    recount.count_older()
    while True:
        run.alive()
        batch = tallies.roll_up(BATCH)
        added += batch
        if batch < BATCH:
            break
    refreshing.look_again(run.now())
    # One refresh may do several periods, where they are weighted together.
    while places := tallies.stale_places():
        run.alive()
        refreshing.refresh(*places[0], run.settings.minimum_group, run.now())
    refreshing.end_periods(run.now(), run.settings.to_finish)
    return added
