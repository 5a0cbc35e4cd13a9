"""Where secret settings come from: the environment, files, or HashiCorp Vault, behind one interface.

Contract   ``with_secrets(environ)`` answers the environment with what providers add. A variable that is set counts
           before a file, a file before Vault. A file or an answer that should be there and isn't is an ``EnvError``
           that names its place and never its content.
Safety     Only keys that ``env`` marks as secret are taken, so that a folder of secrets can't change anything else.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from opinion_market.settings.env import Env, EnvError

SECRET_KEYS: Final = tuple(spec.name.upper() for spec in fields(Env) if spec.metadata["secret"])
Secrets = Mapping[str, str]


def with_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """``environ`` and the secrets that it doesn't hold itself. Raises: EnvError"""
    found: dict[str, str] = {}
    for provider in PROVIDERS:
        found |= {name: value for name, value in provider(environ).items() if name not in found}
    return found | {name: value for name, value in environ.items() if value or name not in found}


def of_files(environ: Mapping[str, str]) -> Secrets:
    """``NAME_FILE`` names a file; ``SECRETS_DIR`` a folder of files that are called like the keys."""
    folder = environ.get("SECRETS_DIR", "")
    found = {}
    for name in SECRET_KEYS:
        named = environ.get(f"{name}_FILE", "")
        if named:
            found[name] = _content(Path(named), f"{name}_FILE")
        elif folder and _is_there(Path(folder) / name):
            found[name] = _content(Path(folder) / name, "SECRETS_DIR")
    return found


def of_vault(environ: Mapping[str, str]) -> Secrets:
    """The keys of one secret of a KV store, version 2: ``VAULT_PATH`` is mount and path, such as ``secret/market``."""
    address = environ.get("VAULT_ADDR", "")
    if not address:
        return {}
    mount, _, path = environ.get("VAULT_PATH", "").partition("/")
    if not path:
        raise EnvError("VAULT_PATH must be a mount and a path, such as secret/opinion-market.")
    # Only sites with a Vault load its client.
    client = import_module("hvac").Client(url=address, namespace=environ.get("VAULT_NAMESPACE") or None, timeout=10)
    try:
        _sign_in(client, environ)
        answer = client.secrets.kv.v2.read_secret_version(path=path, mount_point=mount, raise_on_deleted_version=True)
    except (import_module("hvac.exceptions").VaultError, OSError) as error:
        raise EnvError(f"Vault at {address} gave no secret {mount}/{path}: {type(error).__name__}.") from error
    held = answer["data"]["data"]
    return {name: str(held[name]) for name in SECRET_KEYS if name in held}


PROVIDERS: Final[tuple[Callable[[Mapping[str, str]], Secrets], ...]] = (of_files, of_vault)


def _sign_in(client: Any, environ: Mapping[str, str]) -> None:
    """By token, or as a service account of Kubernetes in the role ``VAULT_ROLE``."""
    if role := environ.get("VAULT_ROLE", ""):
        account = Path(environ.get("VAULT_JWT_FILE", "/var/run/secrets/kubernetes.io/serviceaccount/token"))
        client.auth.kubernetes.login(role=role, jwt=_content(account, "VAULT_JWT_FILE"))
    elif named := environ.get("VAULT_TOKEN_FILE", ""):
        client.token = _content(Path(named), "VAULT_TOKEN_FILE")
    else:
        client.token = environ.get("VAULT_TOKEN", "")


def _is_there(path: Path) -> bool:
    """A folder that may not be entered is no empty one: reading it tells what is wrong."""
    try:
        return path.is_file()
    except PermissionError:
        return True


def _content(path: Path, key: str) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise EnvError(f"{key} leads to {path}, which can't be read: {type(error).__name__}.") from error
