"""The scale subresource of a workload, by the official client.

Contract   ``replicas("namespace/deployment/name")`` speaks for one Deployment, StatefulSet or ReplicaSet. Where the
           program runs in a cluster its service account is used, else the kubeconfig file (KUBECONFIG). The account
           needs get and patch of that workload's scale, nothing else.
Why        A merge patch names the count alone, so nothing that others changed meanwhile is put back.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from kubernetes.config.config_exception import ConfigException
from urllib3.exceptions import HTTPError

from monitoring.scaling.errors import ActuatorFailed

_ANSWER_S: Final = 5.0
_MERGE: Final = "application/merge-patch+json"


class Workload:
    """``kind`` is deployment, stateful_set or replica_set."""

    def __init__(self, namespace: str, kind: str, name: str, api: Any) -> None:
        self._place = {"name": name, "namespace": namespace, "_request_timeout": _ANSWER_S}
        self._read = getattr(api, f"read_namespaced_{kind}_scale")
        self._patch = getattr(api, f"patch_namespaced_{kind}_scale")

    def count(self) -> int:
        """How many were asked for: those that start count, as everywhere else.

        Raises: ActuatorFailed
        """
        return int(_asked(self._read, **self._place).spec.replicas or 0)

    def set(self, count: int) -> None:
        """Raises: ActuatorFailed"""
        found = _asked(self._patch, **self._place, body={"spec": {"replicas": count}}, _content_type=_MERGE)
        if found.spec.replicas != count:
            raise ActuatorFailed(f"Kubernetes keeps {found.spec.replicas} replicas.")


def replicas(workload: str) -> Workload:
    """Raises: ActuatorFailed"""
    kinds = {"deployment": "deployment", "statefulset": "stateful_set", "replicaset": "replica_set"}
    namespace, _, rest = workload.partition("/")
    kind, _, name = rest.partition("/")
    if kind not in kinds or not namespace or not name:
        raise ActuatorFailed("The target names no workload, such as default/deployment/web.")
    way = client.Configuration()
    try:
        config.load_config(client_configuration=way)  # type: ignore[no-untyped-call]
    except (ConfigException, OSError) as problem:
        raise ActuatorFailed(f"There is no way to Kubernetes: {problem}") from problem
    # The next round asks again; waiting here would hold up other targets.
    way.retries = 0
    return Workload(namespace, kinds[kind], name, client.AppsV1Api(client.ApiClient(way)))


def _asked(ask: Callable[..., Any], **arguments: Any) -> Any:
    call = partial(ask, **arguments)
    try:
        return call()
    except ApiException as problem:
        raise ActuatorFailed(f"Kubernetes answered {problem.status} {problem.reason}.") from problem
    except HTTPError as problem:
        raise ActuatorFailed(f"Kubernetes can't be asked: {type(problem).__name__}.") from problem
