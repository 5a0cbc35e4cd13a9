// The routes of metric analytics and scaling, as the operations pages ask them.
import { call } from "./api.js";

const ANALYTICS = "/advanced-analytics";
const SCALING = "/auto-scaling";

export const predictions = () => call("GET", `${ANALYTICS}/predictions?hidden=yes`);
export const anomalies = (range) => call("GET", `${ANALYTICS}/anomalies?${new URLSearchParams({ range, limit: "500" })}`);
export const judge = (id, verdict) => call("POST", `${ANALYTICS}/anomalies/${id}/verdict`, { body: { verdict } });

export const scaling = {
  timeline: (target, range) => call("GET", `${SCALING}/timeline?${new URLSearchParams({ target, range })}`),
  decisions: (asked) => call("GET", `${SCALING}/decisions?${new URLSearchParams(asked)}`),
  manual: (body) => call("POST", `${SCALING}/scale-manual`, { body }),
  pause: (body) => call("POST", `${SCALING}/pause`, { body }),
  release: (target) => call("POST", `${SCALING}/release`, { body: { target } }),
  whatIf: (body) => call("POST", `${SCALING}/what-if`, { body }),
};
