"""What the rendered chart promises, beyond a schema: `chart_rules.py MANIFESTS.yaml...`, exit 1 with the faults.

Contract   Whatever runs here may do as little as it can: no pod is root, writes its own file system, keeps a capability
           or is given a token, but the worker of the scaler; secrets come from outside, by name; the network begins
           with nothing; the one Role patches the scale of named Deployments.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

Manifest = dict[str, Any]
SERVERS: Final = ("web", "sockets")
PROGRAMS: Final = (*SERVERS, "worker", "jobs", "alerting", "beat")
_SCALED: Final = {"deployments/scale"}


def faults(manifests: list[Manifest]) -> list[str]:
    """Every promise that ``manifests`` break, in words."""
    kinds = {kind: [one for one in manifests if one["kind"] == kind] for kind in {one["kind"] for one in manifests}}
    deployments = {one["metadata"]["name"].rpartition("-")[2]: one for one in kinds.get("Deployment", [])}
    return [
        *(f"no Deployment of {name}" for name in PROGRAMS if name not in deployments),
        *(fault for one in kinds.get("Deployment", []) + kinds.get("Job", []) for fault in _of_pod(one)),
        *(fault for name in SERVERS if name in deployments for fault in _of_server(deployments[name])),
        *_of_migration(kinds.get("Job", [])),
        *_of_network(kinds.get("NetworkPolicy", [])),
        *_of_rights(kinds),
        *_of_moving(kinds),
        *(f"a secret in the chart: {one['metadata']['name']}" for one in kinds.get("Secret", [])),
    ]


def _of_pod(owner: Manifest) -> Iterator[str]:
    """As the namespace's restricted level of pod security asks, and a file system that can't be written."""
    name, pod = owner["metadata"]["name"], owner["spec"]["template"]["spec"]
    context = pod.get("securityContext", {})
    if not context.get("runAsNonRoot") or context.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield f"{name}: its pod may be root, or has no seccomp profile"
    if pod.get("automountServiceAccountToken") is not (pod.get("serviceAccountName", "").endswith("-scaler")):
        yield f"{name}: a token of the cluster without need, or none where it is needed"
    for container in pod["containers"]:
        may = container.get("securityContext", {})
        if may.get("capabilities") != {"drop": ["ALL"]} or may.get("allowPrivilegeEscalation") is not False:
            yield f"{name}: keeps capabilities, or may get more"
        if not may.get("readOnlyRootFilesystem"):
            yield f"{name}: may write its own file system"
        if {"requests", "limits"} - set(container.get("resources", {})):
            yield f"{name}: takes what it wants"
        if any("SECRET" in one["name"] and not str(one.get("value", "")).startswith("/") for one in container["env"]):
            yield f"{name}: a secret by value"


def _of_server(deployment: Manifest) -> Iterator[str]:
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    for probe, path in (("startupProbe", "/health"), ("livenessProbe", "/health"), ("readinessProbe", "/ready")):
        if container.get(probe, {}).get("httpGet", {}).get("path") != path:
            yield f"{deployment['metadata']['name']}: {probe} doesn't ask {path}"
    if deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] != 0:
        yield f"{deployment['metadata']['name']}: an upgrade takes instances away before others are ready"
    if deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] < 60:
        yield f"{deployment['metadata']['name']}: is killed while it drains"


def _of_migration(jobs: list[Manifest]) -> Iterator[str]:
    hooks = [job["metadata"].get("annotations", {}).get("helm.sh/hook", "") for job in jobs]
    if hooks != ["pre-install,pre-upgrade"]:
        yield "no Job migrates before each version"


def _of_network(policies: list[Manifest]) -> Iterator[str]:
    nothing = [one["spec"] for one in policies if not {"ingress", "egress"} & set(one["spec"])]
    if [sorted(one["policyTypes"]) for one in nothing] != [["Egress", "Ingress"]]:
        yield "the network doesn't begin with nothing"
    elif "matchExpressions" in nothing[0]["podSelector"] or len(nothing[0]["podSelector"]["matchLabels"]) != 1:
        yield "what denies everything isn't for every pod"


def _of_rights(kinds: dict[str, list[Manifest]]) -> Iterator[str]:
    if kinds.get("ClusterRole") or kinds.get("ClusterRoleBinding"):
        yield "rights in all of the cluster"
    for rule in (rule for role in kinds.get("Role", []) for rule in role["rules"]):
        if set(rule["resources"]) != _SCALED or set(rule["verbs"]) - {"get", "patch"} or not rule.get("resourceNames"):
            yield f"a role may more than patch the scale of named Deployments: {rule}"


def _of_moving(kinds: dict[str, list[Manifest]]) -> Iterator[str]:
    """Nodes are emptied one pod after the other; somebody decides how many there are."""
    kept = {one["metadata"]["name"].rpartition("-")[2] for one in kinds.get("PodDisruptionBudget", [])}
    if not {*SERVERS, "worker"} <= kept:
        yield f"all pods of a program may be moved at once: {sorted({*SERVERS, 'worker'} - kept)}"
    scaled = {
        one["spec"]["scaleTargetRef"]["name"].rpartition("-")[2] for one in kinds.get("HorizontalPodAutoscaler", [])
    }
    if scaled != (set() if kinds.get("Role") else set(SERVERS)):
        yield f"two scale the same program, or nobody does: {sorted(scaled)}"


def main(files: list[str]) -> int:
    found = [
        f"{file}: {fault}"
        for file in files
        for fault in faults([one for one in yaml.safe_load_all(Path(file).read_text("utf-8")) if one])
    ]
    print("\n".join(found) or f"{len(files)} forms of the chart keep what it promises")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
