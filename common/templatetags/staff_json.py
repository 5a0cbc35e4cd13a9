"""JSON as the administration shows it."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def json_text(field: Any) -> str:
    """Of a read-only field of an administration's form: what its object has there, in lines; a dash for nothing."""
    value = getattr(field.form.instance, field.field["field"])
    return (
        "-" if value is None else json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True, cls=DjangoJSONEncoder)
    )
