// The order ticket: previews while you type, sends once, and says beside the field what is wrong.
import { call } from "./api.js";
import { $, $$, setLive } from "./dom.js";
import { NONE, credits } from "./format.js";
import { resultOf } from "./ticket_undo.js";
import { fieldOf, prepare, readOrders, sizeField } from "./ticket_order.js";
import { buttonWords, doneWords, plain, previewTexts, problemWords, share, written } from "./ticket_words.js";
import { word } from "./words.js";

const PREVIEW_WAIT_MS = 180;

export class Ticket {
  /** `onDone` is called after something was placed; `onOutcome` when another outcome is chosen. */
  constructor(form, market, { onDone, onOutcome }) {
    Object.assign(this, { form, market, onDone, onOutcome });
    this.available = Number(form.dataset.available || 0);
    this.button = $("#ticket-submit", form);
    this.#tidy();
    form.addEventListener("input", (event) => this.#changed(event));
    form.addEventListener("submit", (event) => this.#submit(event));
    form.addEventListener("keydown", (event) => this.#stepped(event));
    this.#presets();
    this.refresh();
  }

  get outcome() {
    return this.form.elements.outcome.value;
  }

  get #isBuy() {
    return this.form.elements.side.value === "buy";
  }

  get #name() {
    return this.market.outcomes.find((outcome) => outcome.slug === this.outcome)?.name ?? this.outcome;
  }

  /** Fill in some fields and look again. */
  set(values) {
    for (const [name, value] of Object.entries(values)) this.form.elements[name].value = written(value);
    this.#changed({ target: this.form.elements.side });
  }

  focus() {
    const field = this.form.elements[sizeField(this.form)];
    field.focus();
    field.select();
  }

  /** The market has moved: a preview that is shown is old. */
  marketMoved() {
    if (!$("#preview", this.form).hidden && !this.isSending) this.refresh();
  }

  /** Look again, once the typing pauses. */
  refresh() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#preview(), PREVIEW_WAIT_MS);
  }

  /** One order or the two of a pair, or null while something is missing or wrong. */
  #orders() {
    const { orders, error } = readOrders(this.form, this.market.id);
    if (error) this.#error(...error);
    return orders ?? null;
  }

  /** Arrows change the amount by one, with shift by ten. */
  #stepped(event) {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!direction || !["amount", "quantity", "price", "trigger"].includes(event.target.name)) return;
    event.preventDefault();
    const value = Number(plain(event.target.value)) + direction * (event.shiftKey ? 10 : 1);
    event.target.value = value > 0 ? written(String(Math.round(value * 10_000) / 10_000)) : "";
    this.refresh();
  }

  #changed(event) {
    if (event.target.matches?.("[data-slider]")) {
      const part = Math.floor(this.available * Number(event.target.value)) / 100;
      this.form.elements.amount.value = part ? written(String(part)) : "";
    }
    prepare(this.form, event.target.name);
    if (event.target.name === "outcome") this.onOutcome(this.outcome);
    if (event.target.name !== "amount" && event.target.name !== "quantity") this.#presets();
    this.refresh();
  }

  async #preview() {
    this.asking?.abort();
    this.#clearErrors();
    const orders = this.#orders();
    if (orders === null) return this.#idle();
    const asking = new AbortController();
    this.asking = asking;
    try {
      const asked = orders.map((order) => call("POST", "/orders", { body: { ...order, dry_run: true }, signal: asking.signal }));
      const answers = await Promise.all(asked);
      if (this.isSending || asking.signal.aborted) return;
      const refused = answers.find((answer) => !answer.ok);
      if (refused) this.#refused(refused);
      else this.#show(answers.map((answer) => answer.body));
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  #idle() {
    $("#preview", this.form).hidden = true;
    this.button.disabled = true;
    this.#tint();
    this.button.textContent = this.#isBuy ? word("Buy {name}", { name: this.#name }) : word("Sell {name}", { name: this.#name });
  }

  #show([order, other]) {
    const { label, ...texts } = previewTexts(order, { other, available: this.available, makerFee: this.market.maker_fee_bps });
    for (const [name, text] of Object.entries(texts)) this.#line(name, text);
    $('[data-out-label="total"]', this.form).textContent = label;
    $("#preview", this.form).hidden = false;
    this.button.disabled = false;
    this.#tint();
    this.button.textContent = buttonWords(order, this.#name, other);
  }

  /** A line of the preview; what isn't known of this kind of order has none. */
  #line(name, text) {
    const out = $(`[data-out="${name}"]`, this.form);
    out.textContent = text;
    out.hidden = !text || text === NONE || (out.hasAttribute("data-buy") && !this.#isBuy);
    if (out.previousElementSibling.matches("dt") && name !== "rest") out.previousElementSibling.hidden = out.hidden;
  }

  #tint() {
    const isNo = this.market.is_binary && this.outcome === this.market.outcomes[1].slug;
    this.button.className = `button wide solid ${isNo ? "no" : "yes"}`;
  }

  async #submit(event) {
    event.preventDefault();
    if (this.isSending) return;
    const orders = this.#orders();
    if (orders === null) return this.focus();
    clearTimeout(this.timer);
    this.asking?.abort();
    this.isSending = true;
    this.button.disabled = true;
    this.button.setAttribute("aria-busy", "true");
    // The id belongs to this order until the server has answered: a retry can't fill twice.
    const key = this.form.elements.client_order_id.value;
    const answer = orders.length > 1
      ? await call("POST", "/orders/pair", { body: { orders }, key })
      : await call("POST", "/orders", { body: { ...orders[0], client_order_id: key } });
    this.isSending = false;
    this.button.disabled = false;
    this.button.removeAttribute("aria-busy");
    if (answer.status !== 0 && answer.status < 500) this.form.elements.client_order_id.value = newId();
    if (answer.ok) this.#done(orders.length > 1 ? { ...answer.body.orders[0], account: answer.body.account } : answer.body);
    else this.#refused(answer);
  }

  #done(order) {
    const place = $("#ticket-result", this.form);
    place.replaceChildren(resultOf(order, doneWords(order, this.#name), place.dataset, {
      onCancelled: () => this.onDone(null),
      onReverse: () => this.set(order.side === "buy"
        ? { side: "sell", type: "market", quantity: order.filled }
        : { side: "buy", type: "market", amount: order.cost }),
    }));
    for (const name of ["amount", "quantity"]) this.form.elements[name].value = "";
    this.setAvailable(Number(order.account.available), order.account.available);
    this.#clearErrors();
    this.#idle();
    this.onDone(order);
  }

  setAvailable(value, exact) {
    this.available = value;
    this.form.dataset.available = exact;
    for (const element of $$('[data-live="available"]')) setLive(element, credits(value));
    this.#presets();
  }

  #refused({ status, body }) {
    const field = fieldOf(body.errors?.[0]?.pointer, this.form);
    this.#idle();
    this.button.disabled = status !== 0 && status < 500;
    this.#error(field, problemWords(status, body));
  }

  #error(field, text) {
    const place = field ? $(`#error_${field}`, this.form) : $("#ticket-error", this.form);
    place.textContent = text;
    place.hidden = false;
    if (field) this.form.elements[field].setAttribute("aria-invalid", "true");
  }

  #clearErrors() {
    for (const place of $$(".field-error", this.form)) place.hidden = true;
    for (const input of $$("[aria-invalid]", this.form)) input.removeAttribute("aria-invalid");
  }

  #presets() {
    const free = $(`[data-position="${CSS.escape(this.outcome)}"]`)?.dataset.free ?? "0";
    const max = Math.floor(this.available * 100) / 100;
    this.#chips("amount", [["10", "10"], ["25", "25"], ["100", "100"], [word("Max"), String(max)]]);
    const parts = [["25%", share(free, 0.25)], ["50%", share(free, 0.5)], [word("All"), free]];
    this.#chips("quantity", this.#isBuy ? [["10", "10"], ["50", "50"], ["100", "100"]] : Number(free) ? parts : []);
  }

  #chips(name, presets) {
    const place = $(`[data-presets="${name}"]`, this.form);
    place.hidden = !presets.length;
    place.replaceChildren(...presets.map(([label, value]) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "button small";
      chip.textContent = label;
      chip.addEventListener("click", () => {
        this.form.elements[name].value = written(value);
        this.refresh();
      });
      return chip;
    }));
  }

  #tidy() {
    for (const part of $$("[data-no-script]", this.form)) part.remove();
    for (const part of $$("[data-script], [data-slider]", this.form)) part.hidden = false;
    this.button.removeAttribute("name");
    this.form.elements.type.add(new Option(word("One cancels other"), "pair"));
    prepare(this.form);
  }
}

function newId() {
  return `web-${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
