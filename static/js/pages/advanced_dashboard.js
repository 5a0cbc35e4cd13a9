// The advanced dashboard: cards against an hour ago, the system over time, insights, alerts, dashboards of one's own.
import { Operations } from "../lib/operations.js";
import { OwnDashboards } from "../lib/own_dashboards.js";
import { trendWords } from "../lib/trend.js";

const page = new Operations({ socket: "/api/v1/advanced-dashboard/ws" });
page.onSummary = ({ cards }) => page.cards.setTrends(new Map(cards.map(({ series, trend }) => [series, trendWords(trend)])));
page.readFeeds();
if (document.getElementById("own")) new OwnDashboards(page);
