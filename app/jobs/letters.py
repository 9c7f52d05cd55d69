"""Letters to the invited, as they are due: claimed, handed to the mail server, ended, one by one."""

from __future__ import annotations

from app import inviting, mail
from app.inviting import Addressee
from app.storage import invitations, letters, responses, surveys
from app.storage.letters import Due

from .run import Run

BATCH = 100


def act(run: Run) -> int:
    """Sends what is due. Returns how many letters the mail server took.

    A server that cannot be reached, or that hangs up in the midst of a letter, ends the run: what is due stays so, and
    the letter of which nobody knows is left claimed, for a person to decide.
    """
    sent = 0
    while mail.is_configured(run.settings):
        found = letters.due(run.now(), BATCH)
        if not found:
            break
        with mail.post(run.settings) as deliver:
            for letter in found:
                run.alive()
                if not deliver.is_alive():  # To be reached anew, before anything is claimed.
                    if letter is found[0]:
                        raise mail.MailError("the mail server hung up", "stopped")
                    break
                sent += _send(run, deliver, letter)
    return sent


def mix(run: Run) -> int:
    run.alive()
    return invitations.mix_marks()


def _send(run: Run, deliver: mail.Deliver, due: Due) -> bool:
    """One letter. The link is made here, and only its hash outlives the letter. Raises MailError: nobody knows."""
    wave = surveys.wave_by_id(due.wave_id)
    token = responses.new_token()
    to = Addressee(due.email, due.name, due.language, token)
    written = inviting.compose(
        to, due.texts, surveys.questionnaire(wave.questionnaire_hash), wave, run.settings.base_url
    )
    claimed_at = run.now()
    if not letters.claim(due, invitations.link_hash(token), claimed_at):
        return False
    try:
        deliver(written)
    except mail.MailError as error:
        if error.outcome == "unknown":
            raise
        states = {"refused": "bounced", "later": "waiting", "stopped": "released"}
        letters.end(due, claimed_at, states[error.outcome], run.now(), str(error))
        if error.outcome == "stopped":
            raise
        return False
    letters.end(due, claimed_at, "sent", run.now())
    return True
