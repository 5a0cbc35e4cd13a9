"""Grafana's dashboards: each expression is one that Prometheus takes, over metrics that the product has."""

import json
import re
from typing import Any

import pytest
import yaml

from tests.deploy.conftest import DEPLOY, Prometheus, wait_for

BOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
VARIABLES = {"$__rate_interval": "1m", "$route": ".*", "$process": ".*"}
NAME = re.compile(r"(?:\w+:)?opinion_market_\w+(?::\w+)?")
_ENDINGS = ("_bucket", "_count", "_sum")


def board(path: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


def targets(path: Any) -> list[str]:
    return [target["expr"] for panel in board(path)["panels"] for target in panel.get("targets", [])]


def rules(kind: str) -> list[dict[str, Any]]:
    texts = [path.read_text() for path in sorted((DEPLOY / "prometheus" / "rules").glob("*.yml"))]
    groups = [group for text in texts for group in yaml.safe_load(text)["groups"]]
    return [rule for group in groups for rule in group["rules"] if kind in rule]


def test_there_are_dashboards_and_each_has_an_address_of_its_own() -> None:
    boards = [board(path) for path in BOARDS]
    assert len({each["uid"] for each in boards}) == len(boards) == 4
    assert all(each["title"].startswith("Opinion Market: ") for each in boards)


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_panels_are_whole_and_do_not_overlap(path: Any) -> None:
    panels = board(path)["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        own = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert max(x for x, _ in own) < 24, panel["title"]
        assert not own & taken, panel["title"]
        taken |= own
        assert panel["type"] == "row" or (panel["targets"] and panel["datasource"]["uid"] == "${datasource}")


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_variables_that_are_used_are_declared(path: Any) -> None:
    declared = {f"${variable['name']}" for variable in board(path)["templating"]["list"]} | {"$__rate_interval"}
    used = {name for text in targets(path) for name in re.findall(r"\$\w+", text)}
    assert used - declared == set()


def test_the_overview_leads_to_incidents_alertmanager_and_traces() -> None:
    overview = board(DEPLOY / "grafana" / "dashboards" / "overview.json")
    links = {link["title"]: link["url"] for link in overview["links"] if link["type"] == "link"}
    assert set(links) == {"Incidents", "Alertmanager", "Traces"}
    declared = {f"${{{variable['name']}}}" for variable in overview["templating"]["list"]}
    assert {url.partition("}")[0] + "}" for url in links.values()} <= declared


def test_grafana_is_told_where_to_find_them() -> None:
    provisioning = DEPLOY / "grafana" / "provisioning"
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "opinion_market.yaml").read_text())["providers"]
    assert provider["options"]["path"] == "/var/lib/grafana/dashboards"
    source, alerts = yaml.safe_load((provisioning / "datasources" / "prometheus.yaml").read_text())["datasources"]
    assert (source["type"], source["isDefault"]) == ("prometheus", True)
    assert (alerts["type"], alerts["jsonData"]) == ("alertmanager", {"implementation": "prometheus"})


def with_values(expression: str) -> str:
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


def family(name: str) -> str:
    return next((name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending)), name)


@pytest.mark.prometheus
def test_every_expression_is_taken_by_prometheus(prometheus: Prometheus) -> None:
    for path in BOARDS:
        for expression in targets(path):
            # Prometheus answers 400 to one that doesn't parse, which fails here.
            assert prometheus.api("query", query=with_values(expression))["resultType"] in ("vector", "scalar")


@pytest.mark.prometheus
def test_every_metric_named_in_dashboards_and_rules_exists(prometheus: Prometheus) -> None:
    expressions = [text for path in BOARDS for text in targets(path)]
    expressions += [rule["expr"] for rule in rules("expr")]
    recorded = {rule["record"] for rule in rules("record")}
    named = {name for text in expressions for name in NAME.findall(text)} - recorded

    def known() -> set[str]:
        return set(prometheus.api("metadata"))

    wait_for(lambda: True if "opinion_market_ledger_check" in known() else None, "the first frame of the site")
    # Of a counter, OpenMetrics declares the name without its ending.
    missing = {name for name in named if not {name, family(name), name.removesuffix("_total")} & known()}
    assert missing == set()
