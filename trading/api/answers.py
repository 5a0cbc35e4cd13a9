"""Answers of the write path as HTTP responses."""

from django.http import HttpResponse

from common.api.responses import ApiResponse, stored_problem_response
from trading.services.answer import Answer


def answer_response(answer: Answer, *, is_created: bool) -> HttpResponse:
    """The bytes of the write path as they are, which makes a repetition equal to the first answer."""
    if answer.is_accepted:
        body = answer.body.encode()
        response: HttpResponse = ApiResponse(body, content_type="application/json", status=answer.status)
        response.headers["Cache-Control"] = "no-store"
        if is_created and answer.effects is not None:
            response.headers["Location"] = f"/api/v1/orders/{answer.effects.orders[0].order_id}"
    else:
        response = stored_problem_response(answer.body, answer.status)
    if answer.is_replay:
        response.headers["Idempotent-Replay"] = "true"
    if answer.seq is not None:
        response.headers["X-Market-Seq"] = str(answer.seq)
    return response
