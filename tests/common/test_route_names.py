import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from common.route_names import template


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("", "/"),
        ("^$", "/"),
        ("api/v1/^^markets/?$", "/api/v1/markets"),
        ("api/v1/^^markets/(?P<key>[A-Za-z0-9_-]{1,120})/book/?$", "/api/v1/markets/{key}/book"),
        ("^markets/(?P<slug>[-a-zA-Z0-9_]+)/(?P<action>open|close)/?$", "/markets/{slug}/{action}"),
        ("^a/(?P<key>(?:x|y(z))[)\\]]+)/b/?$", "/a/{key}/b"),
        ("accounts/settings/keys/<int:key_id>/revoke/", "/accounts/settings/keys/{key_id}/revoke"),
        ("^files/(?P<name>[^/]+\\.csv)$", "/files/{name}"),
        ("admin/trading/order/<path:object_id>/change/", "/admin/*"),
    ],
)
def test_a_route_is_named_by_its_template(route: str, name: str) -> None:
    assert template(route) == name


def _routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[str]:
    found = []
    for one in patterns:
        route = prefix + str(one.pattern)
        found += _routes(one.url_patterns, route) if isinstance(one, URLResolver) else [route]
    return found


def test_every_route_of_the_site_has_a_plain_name() -> None:
    names = {template(route) for route in _routes(get_resolver().url_patterns)}
    # The two routes that catch the rest of the API are counted as unmatched.
    odd = {name for name in names if set(name) & set("?()[]^$\\|+") or ".*" in name}
    assert odd <= {"/api/.*"}
    # Each with a few methods and statuses; the label sets of http_requests_total have room for so many.
    assert len(names) < 400
