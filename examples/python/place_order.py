"""An order through the generated Python client (docs/clients.md): its types say what may be sent and what comes back.

OM_URL=http://127.0.0.1:8000 OM_KEY=omk_... python examples/python/place_order.py MARKET_ID CLIENT_ORDER_ID
"""

import os
import sys

from opinion_market_api_client import AuthenticatedClient
from opinion_market_api_client.api.orders import place_order
from opinion_market_api_client.models import NewOrder, PlacedOrder, SideEnum

client = AuthenticatedClient(base_url=os.environ["OM_URL"], token=os.environ["OM_KEY"])
order = NewOrder(
    market_id=int(sys.argv[1]),
    outcome="yes",
    side=SideEnum.BUY,
    price="0.30",
    quantity="10",
    client_order_id=sys.argv[2],
)
placed = place_order.sync(client=client, body=order)
if not isinstance(placed, PlacedOrder):
    raise SystemExit(f"refused: {placed}")
print(placed.id, placed.status.value, placed.remaining)
