"""What the texts look like; that they run is what tests/trading/api/test_openapi.py shows."""

from typing import Any

from common.api.code_samples import exchange_of, with_code_samples

OPERATION: dict[str, Any] = {
    "operationId": "x",
    "security": [{"apiKey": []}],
    "parameters": [
        {"in": "path", "name": "key", "examples": {"key": {"value": "a b/c"}}},
        {"in": "query", "name": "from", "required": True, "examples": {"from": {"value": "2026-11-22T00:00:00+01:00"}}},
        {"in": "query", "name": "limit"},
        {"in": "header", "name": "Idempotency-Key"},
    ],
    "requestBody": {
        "content": {"application/json": {"examples": {"A": {"value": {"why": "It's", "on": True, "n": None}}}}}
    },
    "responses": {"400": {}, "201": {"content": {"application/json": {}}}},
}


def sources(operation: dict[str, Any], method: str = "post") -> dict[str, str]:
    with_code_samples("/api/v1/things/{key}", method, operation)
    return {sample["label"]: sample["source"] for sample in operation["x-codeSamples"]}


def test_values_are_quoted_for_their_place() -> None:
    asked = exchange_of("/api/v1/things/{key}", "post", OPERATION)
    assert asked.address == "/api/v1/things/a%20b%2Fc?from=2026-11-22T00%3A00%3A00%2B01%3A00"
    texts = sources(dict(OPERATION))
    assert """-d '{"why": "It'"'"'s", "on": true, "n": null}'""" in texts["curl"]
    assert 'json={"why": "It\'s", "on": True, "n": None}' in texts["Python"]
    assert 'body: JSON.stringify({"why": "It\'s", "on": true, "n": null})' in texts["JavaScript"]


def test_each_text_names_key_and_idempotency_key() -> None:
    for text in sources(dict(OPERATION)).values():
        assert "OM_KEY" in text
        assert "my-key-1" in text


def test_a_public_read_is_one_line_without_a_key() -> None:
    plain = {"operationId": "x", "security": [{}, {"apiKey": []}], "responses": {"200": {"content": {"text/csv": {}}}}}
    texts = sources(plain, "get")
    assert texts["curl"] == 'curl -sS --fail-with-body "$OM_URL/api/v1/things/{key}"'
    assert "OM_KEY" not in "".join(texts.values())
    assert "answer.text" in texts["Python"]
    assert "response.text()" in texts["JavaScript"]


def test_a_removal_with_a_body_is_sent_with_it() -> None:
    texts = sources(dict(OPERATION), "delete")
    assert 'httpx.request(\n    "DELETE",' in texts["Python"]
