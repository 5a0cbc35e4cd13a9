"""What is shipped to Elasticsearch: the shipper reads the files that the product writes, and the template knows each
field of a running product's lines by its type. Elasticsearch itself isn't run here."""

import json
from datetime import datetime
from typing import Any

import pytest
import yaml

from tests.deploy.conftest import DEPLOY, Product, wait_for

LOGS = DEPLOY / "logs"
TEMPLATE = json.loads((LOGS / "index-template.json").read_text())
FIELDS: dict[str, dict[str, Any]] = TEMPLATE["template"]["mappings"]["properties"]
WHOLE = {"byte": 7, "short": 15, "integer": 31, "long": 63}


def fits(value: Any, kind: str) -> bool:
    """Whether Elasticsearch indexes the value under a field of this type."""
    if value is None:
        return True
    if kind in WHOLE:
        return type(value) is int and abs(value) < 2 ** WHOLE[kind]
    if kind == "float":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "date":
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    return isinstance(value, str)


def test_the_shipper_reads_what_compose_lets_the_programs_write() -> None:
    config = yaml.safe_load((LOGS / "fluent-bit.yaml").read_text())
    (tail,), (out,) = config["pipeline"]["inputs"], config["pipeline"]["outputs"]
    compose = yaml.safe_load((DEPLOY.parent / "compose.yaml").read_text())
    shipper, web = compose["services"]["log-shipper"], compose["services"]["web"]
    assert tail["path"] == "/data/logs/app.log"
    assert "data:/data:ro" in shipper["volumes"]
    assert "data:/data" in web["volumes"]
    assert tail["parser"] == config["parsers"][0]["name"]
    assert tail["tag"] == out["match"]
    used = {value[2:-1] for value in out.values() if isinstance(value, str) and value.startswith("${")}
    assert used == set(shipper["environment"])
    assert TEMPLATE["index_patterns"] == [f"{out['logstash_prefix']}-*"]


def test_the_policy_that_the_template_names_ends_what_it_keeps() -> None:
    policy = json.loads((LOGS / "lifecycle.json").read_text())["policy"]
    assert policy["phases"]["delete"] == {"min_age": "30d", "actions": {"delete": {}}}
    assert TEMPLATE["template"]["settings"]["index.lifecycle.name"] == "opinion-market-logs"


@pytest.mark.prometheus
def test_every_line_of_a_running_product_fits_the_template(product: Product) -> None:
    product.get("/")

    def lines() -> list[dict[str, Any]] | None:
        found = [json.loads(line) for line in product.log("app.log").splitlines()]
        kinds = {line["logger"] for line in found}
        return found if {"request", "task"} <= kinds else None

    found = wait_for(lines, "lines of requests and tasks", 90)
    unknown: set[str] = set()
    for line in found:
        for name, value in line.items():
            if name not in FIELDS:
                unknown.add(f"{name} of {line['logger']}")
            else:
                assert fits(value, FIELDS[name]["type"]), (name, value)
    # Kept in the document, not to be searched by.
    assert {one for one in unknown if one.endswith((" of request", " of task", " of socket"))} == set()
