"""The forms of sign-in, sign-up and passwords: our words, and limits where a guess or a message costs somebody."""

from typing import Any, Final

from allauth.account import forms
from allauth.core import context
from django.forms import Form
from django.utils.translation import gettext, gettext_lazy

from accounts.services.limits import give_back
from accounts.web.attempts import login_buckets, reset_buckets, sign_up_buckets, take_or_refuse

CHOOSING_HINT: Final = gettext_lazy("At least 10 characters. A few words that nobody else would put together.")


def _without_placeholders(form: Form) -> None:
    # Labels say it, and don't vanish when one types.
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["login"].label = gettext("Handle or e-mail address")
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        self.fields["password"].help_text = ""

    def user_credentials(self) -> dict[str, str]:
        # One credential means one password hash, whether the account exists or not: the time tells nothing.
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data["password"]}


class SignUpForm(forms.SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["username"].label = gettext("Handle")
        self.fields["username"].help_text = gettext("Your public name, shown beside your trades.")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none"}
        self.fields["email"].label = gettext("E-mail address")
        self.fields["email"].help_text = gettext("Only for resetting your password and for messages you ask for.")
        self.fields["password1"].help_text = CHOOSING_HINT

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.errors:
            take_or_refuse(sign_up_buckets(context.request))
        return cleaned


class ResetPasswordForm(forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["email"].label = gettext("E-mail address")

    def clean_email(self) -> str:
        take_or_refuse(reset_buckets(context.request, self.cleaned_data["email"]))
        email: str = super().clean_email()
        return email


class ChangePasswordForm(forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["password1"].help_text = CHOOSING_HINT

    def clean_oldpassword(self) -> str:
        buckets = login_buckets(context.request, self.user.username)
        take_or_refuse(buckets)
        password: str = super().clean_oldpassword()
        give_back(buckets)
        return password


class ReauthenticateForm(forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)


class AddEmailForm(forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["email"].label = gettext("New e-mail address")

    def clean_email(self) -> str:
        take_or_refuse(reset_buckets(context.request, self.cleaned_data["email"]))
        email: str = super().clean_email()
        return email


class ResetPasswordKeyForm(forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["password1"].help_text = CHOOSING_HINT
