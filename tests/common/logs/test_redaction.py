import pytest

from common.logs import redaction
from common.logs.redaction import GONE, clean, clean_text, secrets_within


@pytest.mark.parametrize(
    "name",
    [
        "password", "new_password1", "Authorization", "HTTP_COOKIE", "Set-Cookie", "api_key", "apikey", "X-Api-Key",
        "DATABASE_URL", "csrfmiddlewaretoken", "X-CSRFToken", "totp_secret", "webhook_secret", "SECRET_KEY", "otp",
        "recovery_codes", "sessionid", "access_token", "private_key",
    ],
)  # fmt: skip
def test_values_under_secret_names_are_taken_out(name: str) -> None:
    assert clean({name: "canary-value"}) == {name: GONE}
    assert clean({"outer": [{name: ["canary-value"]}]}) == {"outer": [{name: GONE}]}
    assert "canary" not in clean_text(f"{name}=canary-value and more")
    assert "canary" not in clean_text(f'{{"{name}": "canary-value"}}')
    assert "canary" not in clean_text(f"{{'{name}': 'canary-value'}}")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("key omk_canary0123456789", f"key omk_{GONE}"),
        ("signed with whsec_canary+/=", f"signed with whsec_{GONE}"),
        ("Authorization: Bearer canary.canary", f"Authorization: {GONE}"),
        ("said Bearer canary.canary, then left", f"said Bearer {GONE}, then left"),
        ("Cookie: sessionid=canary; csrftoken=canary", f"Cookie: {GONE}"),
        ("postgresql://me:canary@host/db", f"postgresql://me:{GONE}@host/db"),  # not-a-secret
        ("otpauth://totp/x?secret=canary", GONE),
        ("secret is JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", f"secret is {GONE}"),
        ("csrf " + "aB3" * 21 + "Z", f"csrf {GONE}"),
        ("eyJhbGciOi.eyJzdWIiOi.canary", GONE),
        ("GET /accounts/password/reset/key/3-canary/", f"GET /accounts/password/reset/key/{GONE}/"),
        ("GET /api/v1/advanced-dashboard/shared/canary-_x", f"GET /api/v1/advanced-dashboard/shared/{GONE}"),
        ("DETAIL:  Failing row contains (1, canary, 2).", f"DETAIL:  Failing row contains ({GONE})."),
        ("DETAIL:  Key (email)=(canary@x) already exists.", f"DETAIL:  Key (email)=({GONE}) already exists."),
        ("-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----", GONE),  # not-a-secret
    ],
)
def test_secrets_are_known_by_their_shape(text: str, left: str) -> None:
    assert clean_text(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Order placed.",
        "market 7: 3 tokens",
        "GET /api/v1/markets/{key} 200",
        "the basic rules",
        "3 cookies were set",
        "hotpath: 3",
    ],
)
def test_harmless_text_stays(text: str) -> None:
    assert clean_text(text) == text


def test_values_that_are_known_are_taken_out_wherever_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_known", set())
    redaction.know(["hunter2hunter2", "tiny"])
    assert clean_text("tiny, xhunter2hunter2x and canary-1", ["canary-1"]) == f"tiny, x{GONE}x and {GONE}"


def test_secrets_within_are_found_at_any_depth() -> None:
    told = {"user": "alice", "password": "canary-a", "nested": [{"tokens": ["canary-b", 123456]}], "pwd": "abc"}
    assert secrets_within(told) == ["canary-a", "canary-b", "123456"]


def test_large_values_are_cut() -> None:
    assert len(clean_text("x " * 100_000)) < redaction.TEXT_MAX + 20
    assert len(clean(list(range(1_000)))) == redaction.ITEMS_MAX


def test_strange_values_become_text() -> None:
    assert clean({1: b"bytes", "x": {2}, "y": object}) == {"1": "bytes", "x": [2], "y": "<class 'object'>"}
