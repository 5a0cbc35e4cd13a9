"""Apprise, for the services that have no sender here. An optional extra: ``pip install apprise``.

Contract   Only services with a fixed host are accepted: Apprise has its own HTTP client, which our door doesn't guard.
"""

from importlib import import_module
from importlib.util import find_spec

from alerting.services._senders.outgoing import Outgoing, SendFailed, Sent
from common.phrases import said


def send(outgoing: Outgoing) -> Sent:
    if find_spec("apprise") is None:
        raise SendFailed("Apprise isn't installed here: pip install apprise.", is_permanent=True)
    messenger = import_module("apprise").Apprise()
    for url in outgoing.config["urls"]:
        if not messenger.add(url):
            raise SendFailed("Apprise doesn't know one of the addresses.", is_permanent=True)
    content = outgoing.content
    title = f"{said('Resolved')}: {content.title}" if content.is_resolved else content.title
    if not messenger.notify(title=title, body="\n".join(filter(None, (content.text, content.url))) or title):
        raise SendFailed("Apprise could not tell all of them.")
    return Sent("Handed to Apprise.")
