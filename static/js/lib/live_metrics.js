// The measurements of each second over one socket: the newest frame wins, a hole in `seq` is told, a lost socket returns.
import { comebackMs } from "./comeback.js";
import { socketAddress } from "./trace.js";

const SILENCE_MS = 5_000;
const WAIT_MAX_MS = 20_000;
const AWAY = new Set([4401]);

/** Sends "frame" {detail: frame}, "hole" {detail: {from, to}} and "state" {detail: {state, detail}}. */
export class LiveMetrics extends EventTarget {
  constructor(path) {
    super();
    Object.assign(this, { path, seq: null, slot: null, failures: 0, skipped: 0, skew: 0, state: "connecting", isClosed: false });
    this.watch = setInterval(() => this.#check(), 1_000);
    addEventListener("online", () => this.#soon(0));
    addEventListener("offline", () => this.socket && this.#lost(this.socket));
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", (event) => event.persisted && this.#return());
    this.#connect();
  }

  /** Seconds between the measurement of the shown frame and now, by the server's clock. */
  get behind() {
    return this.seq === null ? null : Math.max(0, Date.now() / 1_000 + this.skew - this.seq);
  }

  /** What the server's clock read when an answer was made that took `seconds` to come. */
  setClock(serverSeconds, seconds) {
    this.skew = serverSeconds + seconds / 2 - Date.now() / 1_000;
  }

  #connect() {
    const socket = new WebSocket(socketAddress(this.path));
    this.socket = socket;
    this.heardAt = Date.now();
    socket.addEventListener("message", (event) => this.#receive(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => this.#lost(socket, event));
  }

  #receive(frame) {
    this.heardAt = Date.now();
    if (frame.type === "notice") return this.#say(frame.code === "live" ? "live" : "paused", frame.detail);
    if (frame.type !== "metrics") return;
    this.failures = 0;
    if (this.slot) this.skipped += 1;
    else requestAnimationFrame(() => this.#take());
    this.slot = frame;
  }

  /** Once per painted picture: a slow page shows the newest frame and asks for what it left out. */
  #take() {
    const frame = this.slot;
    this.slot = null;
    if (!frame) return;
    const before = this.seq;
    this.seq = frame.seq;
    this.#say("live");
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
    if (before !== null && frame.seq > before + (frame.every_s || 1)) {
      this.dispatchEvent(new CustomEvent("hole", { detail: { from: before, to: frame.seq } }));
    }
  }

  #lost(socket, event) {
    if (socket !== this.socket) return;
    this.socket = null;
    if (this.isClosed) return;
    if (AWAY.has(event?.code)) return this.#say("signed-out");
    this.failures += 1;
    if (this.failures > 1 || this.state === "live") this.#say("lost");
    this.#soon(comebackMs(event, Math.min(WAIT_MAX_MS, 300 * 2 ** this.failures)));
  }

  #soon(wait) {
    clearTimeout(this.timer);
    // Without a network the browser tells when there is one again.
    this.timer = setTimeout(() => !this.socket && !this.isClosed && navigator.onLine && this.#connect(), wait);
  }

  #check() {
    const silence = Date.now() - this.heardAt;
    if (!this.socket || silence < SILENCE_MS || document.hidden) return;
    // A dead network never answers the close; don't wait for it.
    const silent = this.socket;
    if (silence >= 3 * SILENCE_MS) {
      silent.close();
      this.#lost(silent);
    } else this.#say("late");
  }

  #say(state, detail = "") {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, detail } }));
  }

  #leave() {
    this.isClosed = true;
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.close();
  }

  #return() {
    this.isClosed = false;
    this.#soon(0);
  }
}
