# ruleid: csrf-exempt
@csrf_exempt
def leave(request):
    return None


def plain():
    # ruleid: csrf-exempt
    return csrf_exempt(leave)


# ok: csrf-exempt
@require_http_methods(["POST"])
def stay(request):
    return None
