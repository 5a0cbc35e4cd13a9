"""The OpenAPI text of each operation, with examples that a test executes."""

from typing import Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from analytics.skill.api import shapes
from analytics.skill.types import Board
from common.api.shapes import PUBLIC_AUTH, page_parameters, path, problems, query

_TAGS: Final = ["track records"]
HORIZONS: Final = (1, 24, 168, 720)
_TOPIC: Final = query("topic", "Slug of a topic; all without it.")

list_leaders = extend_schema(
    operation_id="listLeaders",
    tags=_TAGS,
    summary="Read a leaderboard",
    description="Traders by profit, or by how much better their forecasts were than the price right before, by Brier "
    "or logarithmic score. A forecast is the price that a trade led to; trades in one market count as their mean. "
    "Private profiles are left out.",
    auth=PUBLIC_AUTH,
    parameters=[
        query("by", "What ranks.", enum=[one.value for one in Board], default="profit"),
        query("season", "all, or a month such as 2026-11.", default="all"),
        _TOPIC,
        *page_parameters(),
    ],
    responses={200: shapes.BoardPage, **problems(400, 404)},
)
get_trader = extend_schema(
    operation_id="getTrader",
    tags=_TAGS,
    summary="Read a trader's track record",
    description="Scores, calibration, streak and badges. The record of a private profile is told to its owner only.",
    auth=PUBLIC_AUTH,
    parameters=[path("handle", "The trader's handle.", "alice")],
    responses={200: shapes.TraderProfile, **problems(404)},
)
get_calibration = extend_schema(
    operation_id="getCalibration",
    tags=_TAGS,
    summary="Read the site's calibration",
    description="How often things happened, by the price they had so many hours before the close.",
    auth=PUBLIC_AUTH,
    parameters=[query("hours", "Before the close.", OpenApiTypes.INT, enum=list(HORIZONS), default=24), _TOPIC],
    responses={200: shapes.SiteCurveShape, **problems(404)},
)
