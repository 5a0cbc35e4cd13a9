"""What promtool says of the rules, and of what a running product answers."""

import subprocess
import urllib.request
from importlib import import_module

import pytest
from orjson import loads
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from common.metrics.registry import registry
from monitoring.engine.exposition import Family, Published, exposition
from monitoring.realtime.publication import meanings
from tests.deploy.conftest import DEPLOY, Product, tool

pytestmark = pytest.mark.prometheus
RULES = sorted(str(path) for path in (DEPLOY / "prometheus" / "rules").glob("*.yml"))
TESTS = sorted(str(path) for path in (DEPLOY / "prometheus" / "tests").glob("*.yml"))


def promtool(*arguments: str, given: str = "") -> str:
    done = subprocess.run([tool("promtool"), *arguments], input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_configuration_is_valid() -> None:
    assert "is valid prometheus config" in promtool("check", "config", str(DEPLOY / "prometheus" / "prometheus.yml"))
    assert "is valid prometheus config" in promtool(
        "check", "config", "--syntax-only", str(DEPLOY / "compose" / "prometheus.yml")
    )


def test_rules_are_valid() -> None:
    assert len(RULES) == 2
    assert promtool("check", "rules", *RULES).count("SUCCESS") == 2


def test_rules_do_what_their_tests_say() -> None:
    assert len(TESTS) == 2
    assert promtool("test", "rules", *TESTS).count("SUCCESS") == 2


def exposed(product: Product, accept: str) -> str:
    request = urllib.request.Request(f"{product.url}/metrics", headers={"Accept": accept})
    with urllib.request.urlopen(request) as answer:
        return str(answer.read().decode())


def test_what_is_exposed_is_clean(product: Product) -> None:
    assert promtool("check", "metrics", given=exposed(product, "text/plain;version=0.0.4")) == ""


def test_a_strict_parser_takes_openmetrics(product: Product) -> None:
    # promtool reads the older format only.
    families = list(text_string_to_metric_families(exposed(product, "application/openmetrics-text;version=1.0.0")))
    assert {"counter", "gauge", "histogram"} == {family.type for family in families}


def row(family: Family) -> dict[str, str]:
    if family.kind != "histogram":
        return {family.name: "1"}
    return {f'{family.name}_bucket{{le="+Inf"}}': "1", f"{family.name}_sum": "1", f"{family.name}_count": "1"}


def test_every_name_that_could_be_counted_is_clean() -> None:
    """Also those that nothing has happened to: promtool says nothing of a name without a row."""
    for module in ("opinion_market.urls", "opinion_market.asgi", "opinion_market.task_metrics"):
        import_module(module)
    told = meanings(registry.metrics.values())
    families = {name: Family(name, (document := loads(text))["type"], document["help"]) for name, text in told}
    assert len(families) > 40
    rows = {key: value for family in families.values() for key, value in row(family).items()}
    assert promtool("check", "metrics", given=exposition(Published(families, rows, []))) == ""
