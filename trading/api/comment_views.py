"""Comments on markets: everybody reads, traders write, moderators hide."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from common.api.access import MODERATE, PUBLIC, TRADE
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.client_ip import client_ip
from common.clock import rfc3339
from common.money import format_quantity
from markets.errors import CommentNotFound
from markets.selectors.comments import CommentView, comment, comment_replies, comment_threads
from markets.services.moderate_comment import (
    REASON_LENGTH_MAX,
    delete_comment,
    hide_comment,
    restore_comment,
)
from markets.services.post_comment import TEXT_LENGTH_MAX
from markets.services.react import add_reaction, take_back_reaction
from markets.types import ReactionKind
from trading.api import comment_operations as operations
from trading.api.documents import page_document
from trading.api.market_views import page_fields, visible_market
from trading.api.order_forms import ID_MAX
from trading.api.order_views import user_id_of
from trading.services.comment_on_market import comment_on_market


class CommentsView(ApiView):
    access_by_method = {"GET": PUBLIC, "POST": TRADE}

    @operations.list_comments
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        fields = Fields.of_query(request)
        limit, cursor = page_fields(fields)
        fields.finish()
        market_id, _ = visible_market(request, key)
        page = comment_threads(market_id, limit=limit, cursor=cursor)
        return json_response(page_document(page, [comment_document(view) for view in page.items]))

    @operations.post_comment
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        fields = Fields(json_body(request))
        text = fields.text("text", length_max=TEXT_LENGTH_MAX, is_required=True)
        parent_id = fields.optional_integer("parent_id", low=1, high=ID_MAX)
        fields.finish()
        market_id, _ = visible_market(request, key)
        comment_id = comment_on_market(
            market_id=market_id, author_id=user_id_of(request), text=text, parent_id=parent_id
        )
        return json_response(comment_document(_visible(request, str(comment_id))), status=201)


class OneCommentView(ApiView):
    access_by_method = {"GET": PUBLIC, "DELETE": TRADE}

    @operations.get_comment
    def get(self, request: HttpRequest, comment_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        return json_response(comment_document(_visible(request, comment_id)))

    @operations.delete_comment
    def delete(self, request: HttpRequest, comment_id: str) -> HttpResponse:
        view = _visible(request, comment_id)
        delete_comment(comment_id=view.id, author_id=user_id_of(request))
        return json_response(comment_document(_visible(request, comment_id)))


class CommentRepliesView(ApiView):
    access = PUBLIC

    @operations.list_replies
    def get(self, request: HttpRequest, comment_id: str) -> HttpResponse:
        fields = Fields.of_query(request)
        limit, cursor = page_fields(fields)
        fields.finish()
        page = comment_replies(_visible(request, comment_id).id, limit=limit, cursor=cursor)
        return json_response(page_document(page, [comment_document(view) for view in page.items]))


class ModerateCommentView(ApiView):
    """Hide and restore."""

    access = MODERATE

    @operations.moderate_comment
    def post(self, request: HttpRequest, comment_id: str, action: str) -> HttpResponse:
        fields = Fields(json_body(request))
        reason = fields.text("reason", length_max=REASON_LENGTH_MAX, is_required=True)
        fields.finish()
        view = _visible(request, comment_id)
        change = hide_comment if action == "hide" else restore_comment
        change(comment_id=view.id, actor_id=user_id_of(request), reason=reason, ip=client_ip(request))
        return json_response(comment_document(_visible(request, comment_id)))


class ReactionView(ApiView):
    access = TRADE

    @operations.add_reaction
    def put(self, request: HttpRequest, comment_id: str, kind: str) -> HttpResponse:
        Fields(json_body(request)).finish()
        view = _visible(request, comment_id)
        add_reaction(comment_id=view.id, user_id=user_id_of(request), kind=ReactionKind(kind))
        return json_response(comment_document(_visible(request, comment_id)))

    @operations.take_back_reaction
    def delete(self, request: HttpRequest, comment_id: str, kind: str) -> HttpResponse:
        view = _visible(request, comment_id)
        take_back_reaction(comment_id=view.id, user_id=user_id_of(request), kind=ReactionKind(kind))
        return json_response(comment_document(_visible(request, comment_id)))


def _visible(request: HttpRequest, comment_id: str) -> CommentView:
    """Raises: CommentNotFound, MarketNotFound"""
    view = comment(int(comment_id)) if int(comment_id) <= ID_MAX else None
    if view is None:
        raise CommentNotFound(f"There is no comment {comment_id}.")
    visible_market(request, str(view.market_id))
    return view


def comment_document(view: CommentView) -> dict[str, Any]:
    position = {"outcome": view.outcome_slug, "quantity": format_quantity(view.quantity)} if view.quantity else None
    return {
        "id": view.id,
        "market_id": view.market_id,
        "thread_id": view.thread_id or view.id,
        "parent_id": view.parent_id,
        "author": view.author,
        "text": view.text,
        "html": view.html,
        "status": view.status.value,
        "removal_reason": view.removal_reason,
        "position": position,
        "replies": view.replies,
        "reactions": view.reactions,
        "created_at": rfc3339(view.created_at),
    }
