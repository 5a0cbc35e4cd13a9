"""A rule of ours fires in a real Prometheus, goes through a real Alertmanager, and is an alert of the product."""

import os
import signal
import subprocess
from typing import Any

import pytest

from tests.deploy.conftest import AT_ONCE, DEPLOY, Alertmanager, Product, Prometheus, tool, wait_for

pytestmark = pytest.mark.prometheus
PATIENCE_S = 90.0


def test_amtool_takes_the_configuration() -> None:
    path = str(DEPLOY / "alertmanager" / "alertmanager.yml")
    done = subprocess.run([tool("amtool"), "check-config", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS" in done.stdout


@pytest.mark.parametrize(
    ("labels", "receivers"),
    [
        (["alertname=OpinionMarketSlow", "severity=warning"], "opinion-market"),
        (["alertname=OpinionMarketDown", "severity=critical"], "outside,opinion-market"),
    ],
)
def test_every_alert_is_led_to_the_product_and_its_end_to_somebody_outside(labels: list[str], receivers: str) -> None:
    path = str(DEPLOY / "alertmanager" / "alertmanager.yml")
    command = [tool("amtool"), "config", "routes", "test", f"--config.file={path}", *labels]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == receivers


def alerts(product: Product, key: str, state: str) -> list[dict[str, Any]]:
    found = product.ask(f"/intelligent-alerting/alerts?state={state}", key)["items"]
    return [one for one in found if one["labels"].get("origin") == "alertmanager" and one["rule"] == AT_ONCE]


def test_a_program_that_freezes_is_an_alert_of_the_product_until_it_goes_on(
    product: Product, operator_key: str, alertmanager: Alertmanager, prometheus: Prometheus
) -> None:
    def firing() -> list[dict[str, Any]]:
        return [one for one in alerts(product, operator_key, "firing") if one["labels"].get("role") == "beat"]

    wait_for(lambda: prometheus.number('count(opinion_market_process_info{role="beat"})'), "beat", PATIENCE_S)
    wait_for(lambda: True if not firing() else None, "the end of what fired while the product started", PATIENCE_S)
    frozen = product.pid_of("beat")
    os.kill(frozen, signal.SIGSTOP)
    try:
        (alert,) = wait_for(lambda: firing() or None, "the alert", PATIENCE_S)
    finally:
        os.kill(frozen, signal.SIGCONT)
    assert (alert["severity"], alert["state"], alert["rule_id"]) == ("critical", "alerting", None)
    assert alert["reason"] == "No beat process is alive."
    incident = product.ask(f"/intelligent-alerting/incidents/{alert['incident_id']}", operator_key)
    assert alert["id"] in [one["id"] for one in incident["items"]]

    def ended() -> dict[str, Any] | None:
        return next(
            (one for one in alerts(product, operator_key, "all") if one["id"] == alert["id"] and one["ended_at"]), None
        )

    over = wait_for(ended, "its end", PATIENCE_S)
    assert (over["state"], firing()) == ("normal", [])
