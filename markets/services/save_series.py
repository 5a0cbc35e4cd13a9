"""Begin a series, and change what is said of it.

Contract   Whoever may make markets may begin one; its creator and operators change it. Its slug stays. Audited.
"""

from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.selectors.people import has_permission
from accounts.services.record_audit import record_audit
from common import clock
from common.caching.tags import invalidate_tags
from common.text import clean_text
from markets.errors import ActionNotAllowed, SeriesInvalid, SeriesNameTaken, SeriesNotFound, SeriesNotYours
from markets.models import Series
from markets.types import MARKET_LISTS, Cadence, SeriesSpec

NAME_LENGTH_MAX: Final = 80
SLUG_LENGTH_MAX: Final = 60
DESCRIPTION_LENGTH_MAX: Final = 1_000


def create_series(*, creator_id: int, spec: SeriesSpec, ip: str = "") -> Series:
    """A series without an event yet; an empty ``slug`` is made from the name.

    Raises: ActionNotAllowed, SeriesInvalid, SeriesNameTaken
    """
    if not has_permission(creator_id, "markets.add_market"):
        raise ActionNotAllowed("Your role doesn't let you begin a series. Ask staff for the role of a market maker.")
    clean = _checked(spec)
    series = Series(slug=_slug(clean), creator_id=creator_id, created_at=clock.now(), **_columns(clean))
    _store(series, "markets.create_series", actor_id=creator_id, before={}, after=_columns(clean), ip=ip)
    return series


def edit_series(*, slug: str, actor_id: int, spec: SeriesSpec, ip: str = "", reason: str = "") -> Series:
    """Change name, description and cadence; ``slug`` of the spec is not looked at.

    Raises: SeriesNotFound, SeriesNotYours, SeriesInvalid, SeriesNameTaken
    """
    with transaction.atomic():
        series = locked_series(slug, actor_id)
        after = {name: value for name, value in _columns(_checked(spec)).items() if getattr(series, name) != value}
        before = {name: getattr(series, name) for name in after}
        for name, value in after.items():
            setattr(series, name, value)
        if after:
            _store(series, "markets.edit_series", actor_id=actor_id, reason=reason, before=before, after=after, ip=ip)
    return series


def locked_series(slug: str, actor_id: int) -> Series:
    """The series, locked for somebody who may change it. Raises: SeriesNotFound, SeriesNotYours"""
    series = Series.objects.select_for_update(of=("self",)).filter(slug=slug).first()
    if series is None:
        raise SeriesNotFound(f"There is no series with the slug {slug[:SLUG_LENGTH_MAX]}.")
    if not may_change(series.creator_id, actor_id):
        raise SeriesNotYours("Only the creator of this series and operators change it.")
    return series


def may_change(creator_id: int, actor_id: int) -> bool:
    """Whether the actor may change a series of ``creator_id``, and put events into it."""
    is_own = creator_id == actor_id and has_permission(actor_id, "markets.add_market")
    return is_own or has_permission(actor_id, "markets.operate_market")


def _checked(spec: SeriesSpec) -> SeriesSpec:
    name = _text(spec.name, "name", least=3, most=NAME_LENGTH_MAX)
    description = _text(spec.description, "description", most=DESCRIPTION_LENGTH_MAX, is_one_line=False)
    return SeriesSpec(name=name, slug=spec.slug, description=description, cadence=spec.cadence)


def _text(text: str, field: str, *, most: int, least: int = 0, is_one_line: bool = True) -> str:
    try:
        return clean_text(text, length_min=least, length_max=most, is_one_line=is_one_line)
    except ValueError as problem:
        raise SeriesInvalid(f"The {field} {problem}.", field=f"/{field}") from problem


def _slug(spec: SeriesSpec) -> str:
    slug = spec.slug or slugify(spec.name)[:SLUG_LENGTH_MAX].strip("-")
    if not slug or len(slug) > SLUG_LENGTH_MAX or slug != slugify(slug):
        raise SeriesInvalid(
            f"The slug has to be 1 to {SLUG_LENGTH_MAX} small letters, digits and hyphens, such as monthly-inflation.",
            field="/slug",
        )
    return slug


def _columns(spec: SeriesSpec) -> dict[str, str]:
    return {"name": spec.name, "description": spec.description, "cadence": Cadence(spec.cadence).value}


def _store(series: Series, action: str, **audit: Any) -> None:
    try:
        with transaction.atomic():
            series.save()
            record_audit(action=action, target=series, **audit)
            invalidate_tags(MARKET_LISTS)
    except IntegrityError as problem:
        taken = Series.objects.exclude(pk=series.pk)
        field = "slug" if taken.filter(slug=series.slug).exists() else "name"
        if field == "name" and not taken.filter(name=series.name).exists():
            raise
        raise SeriesNameTaken(f"Another series has this {field}. Choose another one.", field=f"/{field}") from problem
