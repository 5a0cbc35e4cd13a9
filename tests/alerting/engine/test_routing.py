import pytest

from alerting.engine.hours import hours
from alerting.engine.labels import label_set
from alerting.engine.matchers import read_matchers
from alerting.engine.routing import Branch, all_routes, group_key, group_labels, routes_for, routes_of
from alerting.errors import RoutingInvalid

NIGHT = hours("night", clocks=[("00:00", "06:00")])
ROOT = routes_of(
    Branch(
        "everybody",
        group_by=("alertname",),
        branches=(
            Branch(
                "exchange",
                read_matchers("team=exchange"),
                group_wait_s=10,
                mute_hours=(NIGHT,),
                branches=(
                    Branch("pager", read_matchers("severity=~critical|emergency"), repeat_interval_s=600, goes_on=True),
                    Branch(matchers=read_matchers("severity!=info"), group_by=("...",)),
                ),
            ),
            Branch("log", goes_on=True),
            Branch("never"),
        ),
    )
)


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        ({"team": "exchange", "severity": "critical"}, ["pager", "exchange"]),
        ({"team": "exchange", "severity": "warning"}, ["exchange"]),
        ({"team": "exchange", "severity": "info"}, ["exchange"]),
        ({"team": "web"}, ["log", "never"]),
    ],
)
def test_the_deepest_that_match_in_order(labels: dict[str, str], wanted: list[str]) -> None:
    assert [route.receiver for route in routes_for(ROOT, label_set(labels))] == wanted


def test_what_is_not_said_comes_from_the_parent_but_for_hours() -> None:
    pager = routes_for(ROOT, label_set({"team": "exchange", "severity": "critical"}))[0]
    assert (pager.group_wait_s, pager.group_interval_s, pager.repeat_interval_s) == (10, 300, 600)
    assert (pager.group_by, pager.mute_hours) == (("alertname",), ())
    assert (ROOT.group_wait_s, ROOT.group_interval_s, ROOT.repeat_interval_s) == (30, 300, 14_400)


def test_groups() -> None:
    labels = label_set({"team": "exchange", "severity": "warning", "alertname": "CPU"})
    warning = routes_for(ROOT, labels)[0]
    assert group_labels(warning, labels) == labels
    assert group_labels(ROOT, labels) == (("alertname", "CPU"),)
    assert group_key(warning, labels).startswith('{}/{"team"="exchange"}/{"severity"!="info"}:{alertname="CPU", ')


def test_every_node_has_a_place_of_its_own() -> None:
    ids = [route.id for route in all_routes(ROOT)]
    assert ids == ["", "/0", "/0/0", "/0/1", "/1", "/2"]


@pytest.mark.parametrize(
    "root",
    [Branch(), Branch("a", read_matchers("a=b")), Branch("a", mute_hours=(NIGHT,)), Branch("a", group_interval_s=0)],
)
def test_what_is_no_tree_is_refused(root: Branch) -> None:
    with pytest.raises(RoutingInvalid):
        routes_of(root)
