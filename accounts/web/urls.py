from django.urls import path

from accounts.web.leaving import delete, download
from accounts.web.reading import reading_page
from accounts.web.session_pages import end_one, end_others
from accounts.web.views import api_keys, revoke_key, settings_page

app_name = "accounts"
urlpatterns = [
    path("", settings_page, name="settings"),
    path("keys/", api_keys, name="api-keys"),
    path("keys/<int:key_id>/revoke/", revoke_key, name="api-key-revoke"),
    path("sessions/<int:session_id>/end/", end_one, name="session-end"),
    path("sessions/end-others/", end_others, name="sessions-end-others"),
    path("reading/", reading_page, name="reading"),
    path("data/", download, name="data"),
    path("delete/", delete, name="delete"),
]
