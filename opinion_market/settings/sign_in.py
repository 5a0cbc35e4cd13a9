"""Sign-up, sign-in and the second factor: what django-allauth does and what it leaves to ``accounts``."""

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.web.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.web.sign_in_forms.LoginForm",
    "signup": "accounts.web.sign_in_forms.SignUpForm",
    "reset_password": "accounts.web.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.web.sign_in_forms.ResetPasswordKeyForm",
    "change_password": "accounts.web.sign_in_forms.ChangePasswordForm",
    "reauthenticate": "accounts.web.sign_in_forms.ReauthenticateForm",
    "add_email": "accounts.web.sign_in_forms.AddEmailForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Opinion Market] "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_USERNAME_BLACKLIST = [
    "admin",
    "administrator",
    "root",
    "staff",
    "support",
    "system",
    "moderator",
    "market",
    "maker",
]
# Those limits read and write the cache in two steps, and are lost with it; accounts.services.limits are not.
ACCOUNT_RATE_LIMITS = False

MFA_ADAPTER = "accounts.web.mfa_adapter.MfaAdapter"
MFA_FORMS = {
    "authenticate": "accounts.web.mfa_forms.AuthenticateForm",
    "reauthenticate": "accounts.web.mfa_forms.ReauthenticateForm",
    "activate_totp": "accounts.web.mfa_forms.ActivateTOTPForm",
    "add_webauthn": "accounts.web.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.web.passkey_forms.EditPasskeyForm",
    "login_webauthn": "accounts.web.passkey_forms.PasskeyLoginForm",
    "authenticate_webauthn": "accounts.web.passkey_forms.PasskeyAuthenticateForm",
    "reauthenticate_webauthn": "accounts.web.passkey_forms.PasskeyReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Each challenge makes a session; no secret can be guessed there.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
#: Host that passkeys are bound to; empty: the one that was asked, for development.
PASSKEY_HOST = ""
MFA_TOTP_ISSUER = "Opinion Market"
# A site without outgoing mail can't verify addresses, and a second factor is worth having all the same.
MFA_ALLOW_UNVERIFIED_EMAIL = True
