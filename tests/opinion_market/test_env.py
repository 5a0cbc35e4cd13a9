import os
import subprocess
import sys
from pathlib import Path

import pytest

from opinion_market.settings import database
from opinion_market.settings.env import EnvError, production_mistakes, read

PRODUCTION = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "market.example.org",
    "DATABASE_URL": "postgresql://app@db/market",
    "REDIS_URL": "redis://cache/0",
}


def test_an_empty_environment_means_the_defaults() -> None:
    env = read({"PORT": ""})
    assert (env.port, env.debug, env.server, env.allowed_hosts) == (
        8000,
        False,
        "granian",
        ("localhost", "127.0.0.1", "[::1]"),
    )


def test_values_are_typed() -> None:
    env = read({"PORT": "8001", "DEBUG": "Yes", "ALLOWED_HOSTS": "a.org, b.org", "SERVER": "daphne"})
    assert (env.port, env.debug, env.server, env.allowed_hosts) == (8001, True, "daphne", ("a.org", "b.org"))


def test_one_error_names_every_wrong_key_its_value_and_what_is_allowed() -> None:
    with pytest.raises(EnvError) as error:
        read({"PORT": "80000", "DEBUG": "maybe", "SERVER": "apache", "REDIS_URL": "http://secret"})
    assert str(error.value) == (
        "DEBUG='maybe' must be true or false. "
        "REDIS_URL=(hidden) must be a URL that starts with redis:// or rediss:// or unix://. "
        "PORT='80000' must be a whole number from 1 to 65535. "
        "SERVER='apache' must be one of granian, daphne."
    )


def test_production_accepts_a_complete_environment() -> None:
    assert production_mistakes(read(PRODUCTION)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must be set to 50 or more random characters."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be set to 50 or more random characters."),
        ({"DEBUG": "true"}, "DEBUG='true' must be false."),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must be the site's own host names, without '*'."),
        ({"DATABASE_URL": ""}, "DATABASE_URL must be set."),
    ],
)
def test_production_refuses(change: dict[str, str], said: str) -> None:
    assert production_mistakes(read(PRODUCTION | change)) == [said]


def _manage(project_dir: Path, environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *command],
        cwd=project_dir,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_is_clean_in_production(project_dir: Path) -> None:
    environment = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "opinion_market.settings.prod"}
    answer = _manage(project_dir, environment, "check", "--deploy", "--fail-level", "WARNING")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_wrong_value_stops_the_start_with_one_line(project_dir: Path) -> None:
    answer = _manage(project_dir, {"PORT": "99999999"}, "check")
    assert answer.returncode == 2
    assert answer.stderr == "PORT='99999999' must be a whole number from 1 to 65535.\n"


def test_a_database_url_with_a_socket() -> None:
    found = database.database("postgresql://app@/market?host=/tmp/om-1", "web")
    assert (found["NAME"], found["USER"], found["HOST"], found["PORT"]) == ("market", "app", "/tmp/om-1", "")
    assert "statement_timeout=5000" in found["OPTIONS"]["options"]


def test_a_database_url_with_a_password_and_options() -> None:
    found = database.database("postgres://app:p%40ss@db:5433/market?sslmode=require", "command")  # not-a-secret
    assert (found["HOST"], found["PORT"], found["PASSWORD"]) == ("db", "5433", "p@ss")
    assert found["OPTIONS"]["sslmode"] == "require"


def test_a_database_that_is_cut_off_is_given_up() -> None:
    options = database.database("postgres://app@db/market?connect_timeout=2", "web")["OPTIONS"]
    assert (options["connect_timeout"], options["tcp_user_timeout"]) == ("2", "15000")


def test_smtp_and_console_mail() -> None:
    found = database.email("smtp://user:word@mail.example.org:2525")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_HOST_PASSWORD"]) == (
        "mail.example.org",
        2525,
        "word",
    )
    assert found["EMAIL_SENDER"].endswith("smtp.EmailBackend")
    assert database.email("console://")["EMAIL_SENDER"].endswith("console.EmailBackend")
    assert found["EMAIL_BACKEND"] == database.email("console://")["EMAIL_BACKEND"]


def test_networks_are_checked_and_none_means_nobody() -> None:
    assert read({"METRICS_NETWORKS": "10.0.0.0/8, ::1"}).metrics_networks == ("10.0.0.0/8", "::1/128")
    assert read({"METRICS_NETWORKS": "none"}).metrics_networks == ()
    with pytest.raises(EnvError, match=r"METRICS_NETWORKS='10\.0\.0\.1/8' must be networks such as 10\.0\.0\.0/8"):
        read({"METRICS_NETWORKS": "10.0.0.1/8"})


def test_horizons_of_forecasts_are_different_and_rise() -> None:
    assert read({"ANALYTICS_PREDICTION_HORIZONS": "60, 15,60"}).analytics_prediction_horizons == (15, 60)
    assert read({"ANALYTICS_PREDICTION_HORIZONS": ""}).analytics_prediction_horizons == (15, 30, 60, 120)
    for wrong in (",", "4", "1441", "x", "5,6,7,8,9,10,11,12,13"):
        with pytest.raises(EnvError, match="ANALYTICS_PREDICTION_HORIZONS="):
            read({"ANALYTICS_PREDICTION_HORIZONS": wrong})
