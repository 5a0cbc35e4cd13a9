"""Bids for five shares at each cent that the busiest market's first outcome comes to, and never twice at the same cent.

OM_URL=http://127.0.0.1:8000 OM_KEY=omk_... python examples/bot.py [ROUNDS]     (a key with the scopes read and trade)
"""

import os, sys, time, httpx

bearer = {"Authorization": f"Bearer {os.environ['OM_KEY']}"}
api = httpx.Client(base_url=os.environ["OM_URL"] + "/api/v1", headers=bearer)

def ask(method, path, **more):
    while True:  # An answer got lost? Ask again: an order carries its own id, so it is placed once.
        try:
            answer = api.request(method, path, **more)
            if answer.status_code < 500 and answer.status_code != 429:
                return answer.json()
        except httpx.TransportError as problem:
            print("again:", problem)
        time.sleep(1)

market = ask("GET", "/markets?status=open&sort=-volume_24h&limit=1")["items"][0]
for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1000):
    outcome = ask("GET", f"/markets/{market['id']}")["outcomes"][0]
    order = {"market_id": market["id"], "outcome": outcome["slug"], "side": "buy", "price": outcome["price"][:4],
             "quantity": "5", "client_order_id": f"bot-{market['id']}-{outcome['price'][:4]}"}
    told = ask("POST", "/orders", json=order)
    print(market["question"], outcome["price"], told.get("status") or told["detail"])
    time.sleep(5)
