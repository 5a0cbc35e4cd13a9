"""The scale subresource over HTTP, by a server that holds requests to Kubernetes' own OpenAPI document.

The client's models are generated from that document (release 1.37), so their JSON schema is its schema.
"""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator
from kubernetes.client import V1Scale

from monitoring.scaling.errors import ActuatorFailed
from monitoring.scaling.models import Actuator, ScalingTarget
from monitoring.scaling.services._actuators import Errand, act, kubernetes_replicas
from tests.monitoring.scaling.services.test_webhook import NOW

SCHEMA: Final = V1Scale.model_json_schema(by_alias=True)
PATH: Final = re.compile(
    r"/apis/apps/v1/namespaces/([a-z0-9-]+)/(deployments|statefulsets|replicasets)/([a-z0-9-]+)/scale"
)
#: What the document says that PATCH of a scale consumes.
PATCHES: Final = {
    "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json",
    "application/apply-patch+yaml", "application/apply-patch+cbor",
}  # fmt: skip
KUBECONFIG: Final = """
apiVersion: v1
kind: Config
current-context: test
contexts: [{{name: test, context: {{cluster: test, user: test}}}}]
clusters: [{{name: test, cluster: {{server: "{server}"}}}}]
users: [{{name: test, user: {{token: only-for-tests}}}}]
"""


def valid(document: Any) -> None:
    problems = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)]
    assert problems == []


class Cluster(HTTPServer):
    """One workload, default/deployment/web."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replicas, self.refusal, self.most = 2, 0, 10
        self.heard: list[tuple[str, str, Any]] = []
        self.problems: list[str] = []

    def scale(self) -> dict[str, Any]:
        meta = {"name": "web", "namespace": "default", "resourceVersion": "7"}
        status = {"replicas": self.replicas, "selector": "app=web"}
        kind = {"kind": "Scale", "apiVersion": "autoscaling/v1"}
        return {**kind, "metadata": meta, "spec": {"replicas": self.replicas}, "status": status}


class Handler(BaseHTTPRequestHandler):
    server: Cluster

    def do_GET(self) -> None:
        self._answer(None)

    def do_PATCH(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _answer(self, patch: Any) -> None:
        cluster, kind = self.server, self.headers.get("Content-Type", "")
        cluster.heard.append((self.command, self.path, patch))
        try:
            assert PATH.fullmatch(self.path), self.path
            assert self.headers["Authorization"] == "Bearer only-for-tests"
            if patch is not None:
                assert kind in PATCHES, kind
                merged = cluster.scale()
                merged["spec"] |= patch["spec"]
                assert patch.keys() <= merged.keys()
                valid(merged)
        except AssertionError as problem:
            cluster.problems.append(str(problem))
        if patch is not None and not cluster.refusal:
            cluster.replicas = min(patch["spec"]["replicas"], cluster.most)
        valid(cluster.scale())
        failure = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": cluster.refusal}
        self.send_response(cluster.refusal or 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(failure if cluster.refusal else cluster.scale()).encode())

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    with Cluster() as made:
        path = tmp_path / "config"
        path.write_text(KUBECONFIG.format(server=f"http://127.0.0.1:{made.server_port}"))
        monkeypatch.setattr("kubernetes.config.KUBE_CONFIG_DEFAULT_LOCATION", str(path))
        monkeypatch.setattr("kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(path))
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()
    assert made.problems == []


def errand(count: int, workload: str = "default/deployment/web") -> Errand:
    target = ScalingTarget(name="web", actuator=Actuator.KUBERNETES, workload=workload)
    return Errand(target, 2, count, "because", NOW)


def test_replicas_are_counted_and_set(cluster: Cluster) -> None:
    assert kubernetes_replicas("default/deployment/web").count() == 2
    assert act(errand(5)) is True
    assert kubernetes_replicas("default/deployment/web").count() == 5
    path = "/apis/apps/v1/namespaces/default/deployments/web/scale"
    assert cluster.heard == [("GET", path, None), ("PATCH", path, {"spec": {"replicas": 5}}), ("GET", path, None)]


@pytest.mark.parametrize("kind", ["statefulset", "replicaset"])
def test_other_workloads_have_the_same(cluster: Cluster, kind: str) -> None:
    assert act(errand(3, f"shop/{kind}/worker")) is True
    assert cluster.heard == [
        ("PATCH", f"/apis/apps/v1/namespaces/shop/{kind}s/worker/scale", {"spec": {"replicas": 3}})
    ]


@pytest.mark.parametrize(("status", "name"), [(403, "Forbidden"), (404, "Not Found"), (500, "Internal Server Error")])
def test_what_kubernetes_refuses_is_told(cluster: Cluster, status: int, name: str) -> None:
    cluster.refusal = status
    with pytest.raises(ActuatorFailed, match=f"Kubernetes answered {status} {name}"):
        act(errand(5))
    assert cluster.replicas == 2


def test_a_count_that_is_not_kept_is_a_failure(cluster: Cluster) -> None:
    cluster.most = 4
    with pytest.raises(ActuatorFailed, match="Kubernetes keeps 4 replicas"):
        act(errand(5))


@pytest.mark.parametrize("workload", ["", "web", "default/web", "default/daemonset/web", "default/deployment/"])
def test_a_target_without_a_workload_is_told(workload: str) -> None:
    with pytest.raises(ActuatorFailed, match="names no workload"):
        act(errand(5, workload))


def test_without_a_cluster_it_is_told(cluster: Cluster) -> None:
    cluster.shutdown()
    cluster.socket.close()
    with pytest.raises(ActuatorFailed, match="Kubernetes can't be asked"):
        act(errand(5))
