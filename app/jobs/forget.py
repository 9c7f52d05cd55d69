"""What is not kept: answers that nobody sent, and old rows of the job log."""

from datetime import timedelta

from app.storage import invitations, jobs, responses, traces

from .run import Run

KEPT_RUNS = timedelta(days=90)


def unfinished_responses(run: Run) -> int:
    """Deletes responses untouched for as many days as the settings say."""
    before = run.now() - timedelta(days=run.settings.unfinished_days)
    forgotten = 0
    while True:
        run.alive()
        batch = responses.forget_unfinished(before)
        forgotten += batch
        if batch == 0:
            return forgotten


def old_contacts(run: Run) -> int:
    """Takes names and addresses of invited people out of waves that closed as many days ago as the settings say."""
    before = run.now() - timedelta(days=run.settings.contacts_days)
    forgotten = 0
    while True:
        run.alive()
        batch = invitations.forget_contacts(before)
        forgotten += batch
        if batch == 0:
            return forgotten


def old_traces(run: Run) -> int:
    """Deletes the keys of the traces of earlier days: from then on they tell nothing of an address."""
    run.alive()
    return traces.forget_before(run.now().date())


def old_runs(run: Run) -> int:
    return jobs.forget_before(run.now() - KEPT_RUNS)
