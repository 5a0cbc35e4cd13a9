"""Event markers to add and read; how far measurements are stored, to read."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from accounts.services.record_audit import record_audit
from common import clock
from common.client_ip import client_ip
from common.staff_pages import ReadOnlyAdmin, StaffAdmin
from monitoring.models import Event, IngestPosition, Series


@admin.register(Event)
class EventAdmin(StaffAdmin):
    """What has happened stays: a marker is added, never changed."""

    list_display = ["at", "kind", "title", "series"]
    list_filter = ["kind"]
    ordering = ["-at"]
    said_fields = ["title", "detail"]
    fields = ["at", "kind", "title", "detail", "series"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"at": clock.now()}

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        after = {"kind": obj.kind, "title": obj.title}
        record_audit(
            actor_id=request.user.pk, action="monitoring.add_event", target=obj, after=after, ip=client_ip(request)
        )


@admin.register(Series)
class SeriesAdmin(ReadOnlyAdmin):
    list_display = ["name", "dimension", "last_on"]
    list_filter = ["last_on"]
    search_fields = ["name", "dimension"]
    ordering = ["name", "dimension"]


@admin.register(IngestPosition)
class IngestPositionAdmin(ReadOnlyAdmin):
    list_display = ["stream", "position", "stored_at", "frames_stored", "frames_repeated", "frames_refused"]
