"""Slack: one message for a thread, which changes as the thread does.

Contract   With a token the message is posted once and updated in place afterwards; its moment (``ts``) is the thread's
           reference. An incoming webhook can't be updated: each change is a message of its own.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from alerting.engine.channels.slack_blocks import blocks_of, fallback_of
from alerting.services._acknowledge_link import acknowledge_url
from alerting.services._senders.http import check_answer, post
from alerting.services._senders.outgoing import Outgoing, SendFailed, Sent
from common.phrases import said

#: What Slack says of mistakes that stay.
_PERMANENT: Final = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "channel_not_found", "not_in_channel",
     "is_archived", "missing_scope", "invalid_blocks", "no_permission"}
)  # fmt: skip
_GONE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


def send(outgoing: Outgoing) -> Sent:
    link = acknowledge_url(outgoing.content.alert_id, outgoing.channel_name)
    message = {"text": fallback_of(outgoing.content, said), "blocks": blocks_of(outgoing.content, link, said)}
    if not outgoing.config["token"]:
        return _through_hook(outgoing, message)
    # A step of an escalation is there to be heard, and a message that changes makes no sound.
    is_loud = outgoing.content.type == "alert.escalation"
    moment, _, room = ("" if is_loud else outgoing.reference).partition("@")
    if moment:
        answer = _call(outgoing, "chat.update", {**message, "channel": room, "ts": moment})
        if answer.get("error") not in _GONE:
            _check(answer)
            return Sent("Updated in place.", None if outgoing.content.is_resolved else "")
    # The key lets a person, or a search, recognise a repetition: Slack itself knows no such thing.
    metadata = {"event_type": "opinion_market_message", "event_payload": {"key": outgoing.key}}
    answer = _call(outgoing, "chat.postMessage", {**message, "channel": outgoing.config["room"], "metadata": metadata})
    _check(answer)
    if is_loud:
        return Sent("Posted.")
    return Sent(
        "Posted.", None if outgoing.content.is_resolved else f"{answer.get('ts', '')}@{answer.get('channel', '')}"
    )


def _through_hook(outgoing: Outgoing, message: Mapping[str, Any]) -> Sent:
    url = outgoing.config["url"] or settings.SLACK_WEBHOOK_URL
    if not url:
        raise SendFailed("The channel has neither a hook nor a token.", is_permanent=True)
    answer = post(url, json.dumps(message).encode(), {"Content-Type": "application/json"}, outgoing.timeout_s)
    check_answer(answer)
    return Sent(f"Answered {answer.status}.")


def _call(outgoing: Outgoing, method: str, document: Mapping[str, Any]) -> dict[str, Any]:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer {outgoing.config['token']}",
    }
    url = f"{outgoing.config['api_url'].rstrip('/')}/{method}"
    answer = post(url, json.dumps(document).encode(), headers, outgoing.timeout_s)
    check_answer(answer)
    try:
        found = json.loads(answer.body)
    except ValueError as error:
        raise SendFailed("The answer is no JSON.") from error
    if not isinstance(found, dict):
        raise SendFailed("The answer is no JSON object.")
    return found


def _check(answer: Mapping[str, Any]) -> None:
    if answer.get("ok") is not True:
        error = str(answer.get("error", "unknown"))[:60]
        raise SendFailed(f"Slack refused: {error}.", is_permanent=error in _PERMANENT)
