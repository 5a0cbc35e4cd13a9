"""What the chart promises is kept by the manifests as they are, and is found broken when somebody breaks it."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from scripts.deploy.chart_rules import Manifest, faults
from tests.architecture.sources import ROOT

MANIFESTS: list[Manifest] = [
    one for one in yaml.safe_load_all((ROOT / "deploy/kubernetes/opinion-market.yaml").read_text("utf-8")) if one
]


def of(manifests: list[Manifest], kind: str, name: str) -> Any:
    return next(one for one in manifests if (one["kind"], one["metadata"]["name"]) == (kind, f"opinion-market-{name}"))


def container(manifests: list[Manifest], name: str, kind: str = "Deployment") -> Any:
    return of(manifests, kind, name)["spec"]["template"]["spec"]["containers"][0]


def without(kind: str, name: str) -> Callable[[list[Manifest]], None]:
    return lambda manifests: manifests.remove(of(manifests, kind, name))


def test_the_manifests_keep_what_the_chart_promises() -> None:
    assert faults(MANIFESTS) == []


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda m: container(m, "web")["readinessProbe"]["httpGet"].update(path="/health"), "doesn't ask /ready"),
        (lambda m: container(m, "worker")["securityContext"].update(readOnlyRootFilesystem=False), "may write its own"),
        (lambda m: container(m, "beat")["securityContext"].update(capabilities={}), "keeps capabilities"),
        (lambda m: container(m, "jobs")["env"].append({"name": "SECRET_KEY", "value": "x"}), "a secret by value"),
        (lambda m: container(m, "migrate", "Job").pop("resources"), "takes what it wants"),
        (without("Deployment", "alerting"), "no Deployment of alerting"),
        (without("Job", "migrate"), "no Job migrates"),
        (without("NetworkPolicy", "deny"), "begin with nothing"),
        (without("PodDisruptionBudget", "worker"), "moved at once: ['worker']"),
        (without("HorizontalPodAutoscaler", "web"), "or nobody does"),
        (lambda m: m.append({"kind": "Secret", "metadata": {"name": "s"}}), "a secret in the chart"),
        (
            lambda m: m.append(
                {"kind": "Role", "rules": [{"resources": ["pods"], "verbs": ["get"], "resourceNames": ["web"]}]}
            ),
            "may more than patch",
        ),
    ],
)
def test_a_broken_promise_is_found(break_it: Callable[[list[Manifest]], None], said: str) -> None:
    broken = copy.deepcopy(MANIFESTS)
    break_it(broken)
    assert any(said in fault for fault in faults(broken))
