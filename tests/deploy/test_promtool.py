"""What promtool says of the rules, and of what a running product answers."""

import subprocess
import urllib.request

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

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
