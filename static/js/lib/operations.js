// What both dashboards share: live values, status, cards, charts over one time axis, events, panels.
import { anomalyMarks } from "./anomaly_marks.js";
import { ChartFigure } from "./chart_figure.js";
import { $, $$, calm, readData } from "./dom.js";
import { showAlerts, showEvents, showInsights } from "./feeds.js";
import { LiveMetrics } from "./live_metrics.js";
import { MetricCards } from "./metric_cards.js";
import * as metrics from "./metrics.js";
import { RangeBar, toggleWall } from "./range_bar.js";
import { Attention, Held } from "./states.js";
import { StatusLine } from "./status_line.js";
import { namesOnPage, showTable } from "./summary_table.js";
import { TimeWindow } from "./time_window.js";
import { Timeline } from "./timeline.js";
import { clockText, momentText } from "./units.js";
import { decimal, word } from "./words.js";

const FEEDS_EVERY_MS = 30_000;
/** The stored part is read again this often while the page follows the present. */
const STORED_EVERY_MS = 30_000;
const SILENCE_S = 15;
/** A socket that comes back at once needs no banner. */
const BANNER_AFTER_MS = 2_500;
const AWAY = new Set(["lost", "paused", "signed-out"]);
const LIVE_WORDS = {
  connecting: word("Connecting…"), late: word("Live values are late…"), lost: word("Live values are away. Trying again…"),
  paused: word("Live values pause"), "signed-out": word("Signed out. Reload to sign in again"),
};

export class Operations {
  constructor({ socket, range = "1h" }) {
    this.specs = readData("ops-data").specs;
    this.by = readData("ops-data").by;
    this.events = [];
    this.attention = new Attention();
    this.held = new Held();
    this.awaySince = null;
    this.view = new TimeWindow({ range });
    const names = [...new Set([...namesOnPage(), ...$$("[data-metric]").map(({ dataset }) => dataset.metric), "health_score"])];
    this.timeline = new Timeline(this.view, names);
    this.cards = new MetricCards(this.specs, this.timeline);
    this.status = new StatusLine(this.specs, this.timeline);
    this.bar = new RangeBar(this.view, this.timeline, { onView: (name) => this.showView(name) });
    this.figures = $$("#ops-charts .chart").map((figure) => ChartFigure.ofPage(figure, this.parts()));
    this.live = new LiveMetrics(socket);
    this.#listen();
    this.#first();
  }

  /** What a chart needs of its page. */
  parts() {
    return {
      specs: this.specs, timeline: this.timeline, view: this.view, events: () => this.events,
      say: (text) => { $("#ops-say").textContent = text; },
      onPoint: (time) => this.bar.pointed(time),
    };
  }

  showView(name) {
    const isTable = name === "table";
    $("#ops-charts").hidden = isTable;
    $("#ops-table").hidden = !isTable;
    this.#table();
  }

  #listen() {
    const { live, view } = this;
    const reload = calm(() => this.reload(), 150);
    live.addEventListener("frame", ({ detail }) => this.show(detail));
    live.addEventListener("hole", () => { this.timeline.forget(); reload(); });
    live.addEventListener("state", () => this.#live());
    view.addEventListener("change", reload);
    this.timeline.addEventListener("data", () => this.#table());
    document.addEventListener("visibilitychange", () => !document.hidden && reload());
    setInterval(() => this.#live(), 500);
    setInterval(() => view.isLive && !document.hidden && this.reload(), STORED_EVERY_MS);
    setInterval(() => !document.hidden && this.readFeeds(), FEEDS_EVERY_MS);
    $("#wall-button")?.addEventListener("click", toggleWall);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") document.activeElement?.matches?.(".hint") && document.activeElement.blur();
    });
  }

  async #first() {
    const began = performance.now();
    const [answer] = await Promise.all([metrics.current(), this.reload(), this.readFeeds()]);
    if (!answer.ok) return;
    const { body } = answer;
    const seconds = (performance.now() - began) / 1_000;
    if (body.age_s !== null) this.live.setClock(body.seq + body.age_s, Math.min(seconds, 1));
    if (this.frame) return;
    const values = Object.fromEntries(body.series.map(({ name, value }) => [name, value]));
    const status = Object.fromEntries(body.series.filter((one) => one.status in { warning: 1, critical: 1 }).map((one) => [one.name, one.status]));
    if (body.source === "live") this.show({ seq: body.seq, values, status });
    else {
      this.cards.show(values, status);
      this.status.silent(body.source === "none" ? null : body.seq);
    }
  }

  /** One second of measurements, on everything but the charts' stored part. */
  show(frame) {
    this.frame = frame;
    const past = this.attention.of(frame.status ?? {});
    const values = this.held.of(frame.values, frame.seq);
    this.cards.show(values, past);
    this.timeline.push(frame.seq, frame.values);
    this.status.show(values, past, frame.seq);
    for (const { figure, lines } of this.figures) {
      const states = lines.map(({ name }) => past[name]).filter(Boolean);
      figure.dataset.state = states.includes("critical") ? "critical" : states[0] ?? "good";
    }
    this.#live();
    // The second that everything on the page speaks of now.
    $("#ops").dataset.seq = frame.seq;
  }

  async reload() {
    const [answer, unusual] = await Promise.all([metrics.events(metrics.spanOf(this.view)), anomalyMarks(this.view), this.timeline.load()]);
    if (answer.ok) {
      const events = answer.body.items.map((item) => ({ ...item, time: Date.parse(item.at) / 1_000 }));
      this.events = [...events, ...unusual].sort((one, other) => one.time - other.time);
      this.figures.forEach((figure) => figure.redraw());
    }
    const items = answer.ok ? answer.body.items : [];
    showEvents(items, (time) => this.#lookAt(time), answer.ok ? null : answer.body.detail);
  }

  async readFeeds() {
    const answer = await metrics.summary();
    const failure = answer.ok ? null : answer.body.detail;
    showAlerts(answer.body.alerts?.items ?? [], failure, answer.body.alerts?.is_on);
    showInsights(answer.body.insights?.items ?? [], failure);
    if (answer.ok) this.onSummary?.(answer.body);
  }

  #lookAt(time) {
    this.view.zoom(time - 300, time + 300);
    $("#ops-charts").scrollIntoView({ block: "start" });
  }

  #live() {
    const { state, behind } = this.live;
    const box = $("#live");
    const isSilent = behind !== null && behind > SILENCE_S;
    box.dataset.state = state === "live" && isSilent ? "late" : state;
    const text = state === "live" && !isSilent && behind !== null
      ? word("Live, {seconds} s behind", { seconds: decimal(behind, 1) })
      : LIVE_WORDS[state === "live" ? "late" : state];
    if ($("#live-text").textContent !== text) $("#live-text").textContent = text;
    box.title = this.frame ? word("Newest measurement {time}; {number} frames left out because the page was busy", { time: momentText(this.frame.seq), number: this.live.skipped }) : "";
    this.#away(state);
    if (isSilent && state !== "live") this.status.silent(this.live.seq);
    const clock = $("#wall-clock");
    if (clock) clock.textContent = clockText(Date.now() / 1_000, 60);
  }

  #away(state) {
    if (!AWAY.has(state)) this.awaySince = null;
    else this.awaySince ??= Date.now();
    const banner = $("#ops-away");
    const isShown = this.awaySince !== null && Date.now() - this.awaySince > BANNER_AFTER_MS;
    if (isShown === !banner.hidden) return;
    banner.textContent = isShown ? LIVE_WORDS[state] : "";
    banner.hidden = !isShown;
  }

  #table() {
    if (!$("#ops-table").hidden) showTable($("#ops-table"), this.timeline, namesOnPage(), this.specs);
  }
}
