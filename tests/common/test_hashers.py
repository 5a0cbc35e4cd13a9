from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from pytest_django import Settings

from common.hashers import ServerArgon2Hasher


def test_passwords_are_stored_with_argon2id(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["common.hashers.ServerArgon2Hasher"]
    stored = make_password("correct horse battery")
    assert stored.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert isinstance(identify_hasher(stored), ServerArgon2Hasher)
    assert check_password("correct horse battery", stored)
    assert not check_password("correct horse batterY", stored)
