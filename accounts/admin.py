from allauth.account.decorators import secure_admin_login
from django.contrib import admin

# The one door: limits and the second factor of the sign-in page hold for the admin site too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
