// An order through types that are generated from the API's document (docs/clients.md).
// OM_URL=http://127.0.0.1:8000 OM_KEY=omk_... node place_order.ts MARKET_ID CLIENT_ORDER_ID
import createClient from "openapi-fetch";
import type { paths } from "./generated/schema.d.ts";

const api = createClient<paths>({
  baseUrl: process.env.OM_URL,
  headers: { Authorization: `Bearer ${process.env.OM_KEY}` },
});
const { data, error } = await api.POST("/api/v1/orders", {
  body: {
    market_id: Number(process.argv[2]),
    outcome: "yes",
    side: "buy",
    price: "0.30",
    quantity: "10",
    client_order_id: process.argv[3],
  },
});
if (!data) throw new Error(`${error?.code}: ${error?.detail}`);
console.log(data.id, data.status, data.remaining);
