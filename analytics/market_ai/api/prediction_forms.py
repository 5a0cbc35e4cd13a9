"""What may be asked of estimates."""

from typing import Any, Final

from common.api.fields import Fields

BATCH_MAX: Final = 100
_ID_MAX: Final = 10**18


def market_ids_from(body: dict[str, Any]) -> list[int]:
    """Each id once, in the order sent. Raises: RequestInvalid"""
    fields = Fields(body)
    sent = fields.value("market_ids", is_required=True)
    is_good = isinstance(sent, list) and 0 < len(sent) <= BATCH_MAX and all(map(_is_id, sent))
    if sent is not None and not is_good:
        fields.refuse("market_ids", "field.not_a_list", f"Send 1 to {BATCH_MAX} ids of markets, such as [12, 31].")
    fields.finish()
    return list(dict.fromkeys(sent)) if is_good else []


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < _ID_MAX
