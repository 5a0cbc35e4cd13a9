"""From bodies of lifecycle requests to reasons and payouts; ``markets`` checks what they mean."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from common.api.fields import Fields
from common.money import parse_price
from markets.services.resume_market import POST_ONLY_S_MAX
from markets.types import Action

_REASON_LENGTH_MAX: Final = 2_000
_WITH_REASON: Final = {Action.HALT, Action.CLOSE, Action.PROPOSE, Action.DISPUTE, Action.VOID}
_WITH_PAYOUTS: Final = {Action.PROPOSE, Action.CONFIRM}


class Said(NamedTuple):
    """``payouts`` in 1/10,000 credit by outcome; all are empty unless given."""

    reason: str
    payouts: tuple[int, ...]
    value: str
    post_only_s: int | None


def step_fields(action: Action, body: Mapping[str, Any], slugs: Sequence[str], *, is_early: bool = False) -> Said:
    """``is_early``: a close whose caller has to say why. Raises: RequestInvalid"""
    fields, reason, value = Fields(body), "", ""
    payouts: tuple[int, ...] = ()
    if action in _WITH_PAYOUTS:
        value = fields.text("value", length_max=40)
        payouts = payouts_of(fields, slugs, is_required=action is Action.PROPOSE and not value)
    if action in _WITH_REASON:
        is_needed = is_early or action is not Action.CLOSE
        reason = fields.text("reason", length_max=_REASON_LENGTH_MAX, is_required=is_needed)
    post_only_s = None
    if action is Action.RESUME:
        post_only_s = fields.optional_integer("post_only_s", low=0, high=POST_ONLY_S_MAX)
    fields.finish()
    return Said(reason, payouts, value, post_only_s)


def payouts_of(fields: Fields, slugs: Sequence[str], *, is_required: bool) -> tuple[int, ...]:
    given = fields.value("payouts", is_required=is_required)
    if given is None:
        return ()
    if isinstance(given, list) and len(given) == len(slugs):
        return tuple(_ticks(fields, str(i), value) for i, value in enumerate(given))
    if isinstance(given, dict) and given and given.keys() <= set(slugs):
        return tuple(_ticks(fields, slug, given[slug]) if slug in given else 0 for slug in slugs)
    fields.refuse("payouts", "field.not_payouts", _detail(slugs))
    return ()


def _detail(slugs: Sequence[str]) -> str:
    return f"Send {{outcome: payout}} or one payout for each of {len(slugs)} outcomes; outcomes: {', '.join(slugs)}."


def _ticks(fields: Fields, name: str, value: object) -> int:
    if not isinstance(value, str):
        fields.refuse("payouts", "field.not_payouts", f'Send {name} as a decimal string in quotes, such as "1".')
        return 0
    try:
        return parse_price(value)
    except ValueError as error:
        fields.refuse("payouts", "field.not_decimal", f"The payout of {name} {error}.")
        return 0
