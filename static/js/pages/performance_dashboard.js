// The performance dashboard: every measure of the site, and which process or route it comes from.
import { Breakdown } from "../lib/breakdown.js";
import { Operations } from "../lib/operations.js";

const page = new Operations({ socket: "/api/v1/performance-dashboard/ws" });
if (document.getElementById("breakdown")) new Breakdown(page);
