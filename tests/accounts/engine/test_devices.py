"""Browsers by what they say of themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.engine.devices import Device, device_of

_WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("said", "device"),
    [
        (_WINDOWS, Device("Chrome", "Windows")),
        (f"{_WINDOWS} Edg/140.0", Device("Edge", "Windows")),
        (f"{_WINDOWS} OPR/120.0", Device("Opera", "Windows")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", Device("Firefox", "Linux")),
        (
            "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            Device("Chrome", "Android"),
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Safari/604.1", Device("Chrome", "iPhone")),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", Device("Safari", "iPad")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1", Device("Safari", "macOS")),
        ("python-httpx/0.28", Device("Python", "")),
        ("curl/8.5.0", Device("curl", "")),
        ("", Device("", "")),
        ("<script>", Device("", "")),
    ],
)
def test_devices(said: str, device: Device) -> None:
    assert device_of(said) == device


@given(st.text())
def test_anything_may_be_said(said: str) -> None:
    found = device_of(said)
    assert len(found.browser) <= 24
    assert len(found.system) <= 24
