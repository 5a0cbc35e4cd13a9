"""The comments of the market page: what is shown, and the form."""

from dataclasses import dataclass
from typing import Final

from django import forms
from django.http import HttpRequest

from markets.selectors.comments import CommentView, whole_threads
from markets.services.post_comment import TEXT_LENGTH_MAX

THREADS: Final = 15
REPLIES: Final = 30
MAY_COMMENT: Final = "trading.add_order"
MAY_HIDE: Final = "markets.moderate_comment"


class CommentForm(forms.Form):
    text = forms.CharField(max_length=TEXT_LENGTH_MAX)
    parent_id = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


@dataclass(frozen=True, slots=True)
class Thread:
    root: CommentView
    replies: tuple[CommentView, ...]

    @property
    def older_replies(self) -> int:
        return max(self.root.replies - len(self.replies), 0)


@dataclass(frozen=True, slots=True)
class CommentsPart:
    """``user_id`` is the reader's; ``form`` is what was sent, with its errors, or an empty one."""

    threads: tuple[Thread, ...]
    next_cursor: str | None
    form: CommentForm
    user_id: int | None
    may_comment: bool
    may_hide: bool


def reader_of(request: HttpRequest) -> int | None:
    return request.user.pk if request.user.is_authenticated else None


def comments_part(
    request: HttpRequest, market_id: int, *, form: CommentForm | None = None, cursor: str | None = None
) -> CommentsPart:
    user, reader_id = request.user, reader_of(request)
    page, replies = whole_threads(market_id, limit=THREADS, replies=REPLIES, cursor=cursor, reader_id=reader_id)
    return CommentsPart(
        threads=tuple(Thread(root, replies.get(root.id, ())) for root in page.items),
        next_cursor=page.next_cursor,
        form=form or CommentForm(),
        user_id=reader_id,
        may_comment=user.is_authenticated and user.has_perm(MAY_COMMENT),
        may_hide=user.is_authenticated and user.has_perm(MAY_HIDE),
    )
