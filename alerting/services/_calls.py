"""One step of an escalation: from targets to messages in the outbox.

Contract   A person is told on the site, by e-mail, and at every further address of theirs. A schedule is whoever is on
           call at this moment; with nobody, the default channels are told, so that a hole in the calendar isn't
           silence. In the transaction of the step.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from accounts.selectors.handles import user_ids
from accounts.selectors.people import contacts
from alerting.engine.channels.content import MessageContent, content_of
from alerting.engine.escalation import Call
from alerting.engine.schedules import on_call
from alerting.models import Channel, Contact, EscalationRun
from alerting.selectors.schedules import schedule_named
from alerting.services.provide_channels import EMAIL, IN_APP
from alerting.services.queue_message import queue_message
from common.errors import DomainError


def carry_out(run: EscalationRun, call: Call) -> int:
    """How many messages wait now."""
    content = _content(run, call)
    queued = 0
    for target in call.targets:
        kind, _, name = target.partition(":")
        if kind == "schedule":
            person = _on_call(name, call.at)
            kind, name = ("person", person) if person else ("nobody", name)
        if kind == "channel":
            queued += _queue(run, content, name)
        elif kind == "person":
            queued += _tell_person(run, content, name)
        else:
            queued += _tell_default(run, content)
    return queued


def _content(run: EscalationRun, call: Call) -> MessageContent:
    content = content_of(run.content)
    step = f"{call.step + 1} of round {call.round + 1}"
    return replace(
        content,
        severity=call.severity.name.lower(),
        facts=(*content.facts, ("Escalation", f"{run.policy}, step {step}")),
    )


def _on_call(name: str, at: float) -> str | None:
    try:
        schedule = schedule_named(name)
    except DomainError:
        # One that can't be read any more is nobody on call, not a call that isn't made.
        return None
    return on_call(schedule, at) if schedule is not None else None


def _tell_person(run: EscalationRun, content: MessageContent, handle: str) -> int:
    user_id = user_ids([handle]).get(handle)
    person = contacts([user_id]).get(user_id) if user_id is not None else None
    if user_id is None or person is None:
        return _tell_default(run, content)
    queued = _queue(run, content, IN_APP, user_id=user_id)
    if person.email:
        queued += _queue(run, content, EMAIL, recipient=person.email, user_id=user_id)
    further = Contact.objects.filter(user=user_id, channel__is_enabled=True).values_list("channel__name", "address")
    return queued + sum(_queue(run, content, name, recipient=address, user_id=user_id) for name, address in further)


def _tell_default(run: EscalationRun, content: MessageContent) -> int:
    names: Sequence[str] = list(Channel.objects.filter(is_default=True, is_enabled=True).values_list("name", flat=True))
    return sum(_queue(run, content, name) for name in names or [IN_APP])


def _queue(
    run: EscalationRun, content: MessageContent, channel: str, *, recipient: str = "", user_id: int | None = None
) -> int:
    # The number of the call, because rounds begin anew when an acknowledgement lapses.
    parts = (run.pk, run.calls, channel.lower(), recipient, user_id)
    key = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    found = queue_message(
        key=key,
        channel=channel,
        content=content,
        thread=run.key,
        source="escalation",
        reason="escalation",
        recipient=recipient,
        user_id=user_id,
    )
    return int(found is not None)
