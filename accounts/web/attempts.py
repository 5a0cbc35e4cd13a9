"""Which buckets an attempt at the doors of an account is counted in."""

import hashlib

from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.engine.bucket import Bucket
from accounts.services import limits
from common.client_ip import client_network
from common.problem_words import words_of


def login_buckets(request: HttpRequest, login: str) -> list[Bucket]:
    """By account and address, and by address: an attacker elsewhere can't lock the owner out."""
    address = client_network(request)
    return [
        (limits.LOGIN_ACCOUNT, f"{_account_of(login)} {address}"),
        (limits.LOGIN_ADDRESS, address),
    ]


def second_factor_buckets(request: HttpRequest, user_id: int) -> list[Bucket]:
    return [
        (limits.SECOND_FACTOR, f"{user_id} {client_network(request)}"),
        (limits.SECOND_FACTOR_USER, str(user_id)),
    ]


def reset_buckets(request: HttpRequest, email: str) -> list[Bucket]:
    """The mailbox has a limit of its own, against mail from many addresses; by then its owner has links enough."""
    address = client_network(request)
    return [
        (limits.RESET_ACCOUNT, f"{email.lower()} {address}"),
        (limits.RESET_MAILBOX, email.lower()),
        (limits.RESET_ADDRESS, address),
    ]


def sign_up_buckets(request: HttpRequest) -> list[Bucket]:
    return [(limits.SIGN_UP_ADDRESS, client_network(request))]


def take_or_refuse(buckets: list[Bucket]) -> None:
    """Count the attempt; raises the ``ValidationError`` that a form shows when there were too many."""
    verdict = limits.take(buckets)
    if not verdict.is_allowed:
        raise ValidationError(words_of(limits.refusal(verdict)), code="too_many_attempts")


def _account_of(login: str) -> str:
    # Handle and e-mail address of one person are one account to guess at.
    user = get_user_by_username(login) or next(iter(filter_users_by_email(login, for_login=True)), None)
    return f"user {user.pk}" if user else f"login {hashlib.sha256(login.lower().encode()).hexdigest()}"
