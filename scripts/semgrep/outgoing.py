# ruleid: outgoing
import httpx
# ruleid: outgoing
import urllib.request
# ruleid: outgoing
from requests import get
# ok: outgoing
from urllib.parse import urlsplit
# ok: outgoing
from common.outgoing.client import fetch
