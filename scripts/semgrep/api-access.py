# ruleid: api-access
class Open(ApiView):
    def get(self, request):
        return answer()


# ruleid: api-access
class OpenPage(ApiPageView):
    template_name = "page.html"


# ok: api-access
class Told(ApiView):
    access = READ

    def get(self, request):
        return answer()


# ok: api-access
class ByMethod(ApiView):
    access_by_method = {"GET": PUBLIC, "POST": TRADE}

    def get(self, request):
        return answer()


# ruleid: api-view
class Foreign(APIView):
    pass


# ruleid: api-view
@api_view(["GET"])
def told(request):
    return answer()


# ok: api-view
class Ours(ApiView):
    access = PUBLIC
