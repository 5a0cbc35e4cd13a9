def bad(text):
    # ruleid: mark-safe
    mark_safe(text)
    # ruleid: mark-safe
    SafeString(text)
    # ruleid: mark-safe
    format_html(f"<b>{text}</b>")


def good(text):
    # ok: mark-safe
    return format_html("<b>{}</b>", text)
