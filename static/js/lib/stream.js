// One socket to /ws/v1/stream: subscribe, resume by seq, reconnect with backoff, say quietly when it is gone.
import { comebackMs } from "./comeback.js";
import { hearing, socketAddress } from "./trace.js";
import { word } from "./words.js";

const SILENCE_MS = 15_000;
const BANNER_AFTER_MS = 2_500;
const WAIT_MAX_MS = 30_000;

export class Stream {
  /** `handlers` by frame type; `markets` a list of ids. Frames of unknown types are ignored. */
  constructor({ channels, markets, handlers }) {
    Object.assign(this, { channels, markets, handlers });
    this.seqs = new Map();
    this.failures = 0;
    this.isClosed = false;
    this.sid = null;
    this.watch = setInterval(() => this.#check(), 5_000);
    addEventListener("online", () => this.#soon(0));
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", (event) => event.persisted && this.#reopen());
    if (markets.length) this.#connect();
  }

  /** Watch other markets from now on. */
  setMarkets(markets) {
    this.markets = markets;
    if (this.sid !== null) this.#send({ id: 2, cmd: "update", params: { sid: this.sid, markets } });
    else if (!this.socket && markets.length) this.#connect();
  }

  /** Forget what is known and ask for snapshots. */
  startAfresh() {
    this.seqs.clear();
    this.socket?.close();
  }

  close() {
    this.isClosed = true;
    // A socket that is still connecting goes with the page; closing it would only log a warning.
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.close();
  }

  #reopen() {
    this.isClosed = false;
    this.#soon(0);
  }

  #connect() {
    const socket = new WebSocket(socketAddress("/ws/v1/stream"));
    this.socket = socket;
    this.heardAt = Date.now();
    socket.addEventListener("open", () => this.#subscribe());
    socket.addEventListener("message", (event) => this.#receive(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => this.#lost(socket, event));
  }

  #subscribe() {
    if (this.isClosed) return this.socket.close();
    const params = { channels: this.channels, markets: this.markets };
    if (this.seqs.size) params.resume_from = Object.fromEntries(this.seqs);
    this.#send({ id: 1, cmd: "subscribe", params });
  }

  #receive(frame) {
    this.heardAt = Date.now();
    if (frame.type === "subscribed") {
      this.sid = frame.sid;
      this.failures = 0;
      banner(null);
    }
    if (frame.market_id) this.seqs.set(String(frame.market_id), frame.seq);
    hearing(frame, this.handlers[frame.type]);
  }

  #lost(socket, event) {
    if (socket !== this.socket) return;
    this.socket = null;
    this.sid = null;
    if (this.isClosed) return;
    this.failures += 1;
    this.bannerTimer ??= setTimeout(() => {
      this.bannerTimer = null;
      if (this.sid === null && !this.isClosed) banner(word("Live prices are away. Trying again…"));
    }, BANNER_AFTER_MS);
    this.#soon(comebackMs(event, Math.min(WAIT_MAX_MS, 500 * 2 ** this.failures)));
  }

  #soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => !this.socket && !this.isClosed && this.markets.length && this.#connect(), wait);
  }

  #check() {
    if (this.socket && Date.now() - this.heardAt > SILENCE_MS) {
      const silent = this.socket;
      silent.close();
      // A dead network never answers the close; don't wait for it.
      this.#lost(silent);
    }
  }

  #send(command) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(command));
  }
}

function banner(text) {
  let element = document.querySelector(".offline-banner");
  if (text === null) return element?.remove();
  if (!element) {
    element = document.createElement("div");
    element.className = "offline-banner";
    element.setAttribute("role", "status");
    document.body.append(element);
  }
  element.textContent = text;
}
