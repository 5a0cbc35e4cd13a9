"""Delete one's own account: the person goes, the ledger stays.

Contract   What was traded must go on adding up, so the row stays under a name that says nothing. E-mail address, name,
           password, second factors, keys, roles and what other apps keep for the person go, in one transaction.
"""

from typing import Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.errors import DeletionRefused, PasswordWrong
from accounts.models import ApiKey, SecurityFact, User
from accounts.selectors.keys import forget_all_keys
from accounts.services import limits
from accounts.services.end_sessions import forget_sessions
from accounts.types import Limit
from common import clock
from common.audit import record_audit
from common.jobs.expire import remove_files_of
from common.personal_data import declare_leaving, reasons_to_stay, say_farewell

ATTEMPTS: Final = Limit("delete-account", 5, 900)


def delete_account(*, user_id: int, password: str) -> None:
    """Nothing changes when it is refused.

    Raises: TooManyAttempts, PasswordWrong, DeletionRefused
    """
    limits.check([(ATTEMPTS, f"user:{user_id}")])
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if not user.check_password(password):
            raise PasswordWrong("The password isn't right. Nothing was changed.", field="/password")
        if reasons := reasons_to_stay(user_id):
            raise DeletionRefused(" ".join(reasons))
        say_farewell(user_id)
        _let_go(user)
        record_audit(actor_id=user_id, action="account.delete", target=user)
    forget_all_keys()
    # Files of a moment's failure here are removed by their age.
    remove_files_of(user_id)


def _let_go(user: User) -> None:
    user.username = f"deleted-{user.pk}"
    user.email = user.first_name = user.last_name = ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    ApiKey.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.now())
    ApiKey.objects.filter(user=user).update(name="deleted")
    forget_sessions(user_id=user.pk)
    SecurityFact.objects.filter(user=user).delete()


def _reasons(user_id: int) -> list[str]:
    user = User.objects.get(pk=user_id)
    if user.is_superuser or user.is_staff:
        return ["You are staff: let somebody else take your role first."]
    return []


declare_leaving(_reasons)
