// Dashboards of one's own: open, make, edit, save, rename, share, delete; all through the API.
import { $, $$, showMessage } from "./dom.js";
import { dashboards } from "./metrics.js";
import { OwnBoard } from "./own_board.js";
import { OwnEditor, fillSeries } from "./own_editor.js";
import { word } from "./words.js";

const ASK_AGAIN_MS = 4_000;

export class OwnDashboards {
  constructor(page) {
    this.page = page;
    this.board = new OwnBoard(page);
    this.editor = new OwnEditor(this.board, page.specs, page.parts().say);
    this.document = null;
    this.#buttons();
    const asked = new URLSearchParams(location.search);
    if (asked.get("d")) this.#open(dashboards.one(asked.get("d")));
    else if (asked.get("shared")) this.#open(dashboards.shared(asked.get("shared")));
    addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
  }

  get isDirty() {
    return this.editor.isOn && JSON.stringify(this.board.panels) !== this.saved;
  }

  async #open(asking) {
    const answer = await asking;
    if (!answer.ok) return showMessage(answer.status === 404 ? word("This dashboard isn’t there, or isn’t shared any more.") : answer.body.detail, "warning");
    this.#shown(answer.body);
    if (!new URLSearchParams(location.search).has("range")) this.page.view.setRange(answer.body.range);
    this.board.apply(answer.body.layout);
  }

  /** The page belongs to a dashboard from now on, or to a new one (null). */
  #shown(document_) {
    this.document = document_;
    $("#ops-charts").hidden = true;
    $("#ops-table").hidden = true;
    $("#ops-view").hidden = true;
    $("#own-grid").hidden = false;
    const isOwn = document_?.is_own ?? false;
    for (const link of $$("#own-list a")) {
      if (isOwn && link.dataset.own === String(document_.id)) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    for (const id of ["own-edit", "own-share", "own-delete"]) $(`#${id}`).hidden = !isOwn;
    $("#own-copy-shared").hidden = document_ === null || isOwn;
    $("#own-title").textContent = document_ && !isOwn ? word("{name}, shared by {owner}", { name: document_.name, owner: document_.owner }) : "";
    this.#link();
  }

  #buttons() {
    const on = (id, work) => $(`#${id}`).addEventListener("click", work);
    fillSeries($("#own-add"), this.page.specs);
    on("own-new", () => this.#create([]));
    on("own-copy-shared", () => this.#create(this.board.panels));
    on("own-edit", () => this.#edit(this.document.name));
    on("own-cancel", () => this.#cancel());
    on("own-add-button", () => this.editor.add($("#own-add").value, $("#own-kind").value));
    on("own-share", () => this.#share());
    on("own-unshare", () => this.#unshare());
    on("own-copy", () => this.#copy());
    on("own-delete", () => this.#delete());
    $("#own-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
  }

  #create(panels) {
    this.#shown(null);
    this.board.apply(panels);
    this.#edit("");
  }

  #edit(name) {
    this.saved = JSON.stringify(this.board.panels);
    $("#own-form").hidden = false;
    $("#own-edit").hidden = true;
    $("#own-name").value = name;
    $("#own-error").hidden = true;
    this.editor.start();
    $("#own-name").focus();
  }

  #cancel() {
    this.editor.stop();
    if (this.document === null) return location.assign(location.pathname);
    this.board.apply(this.document.layout);
    $("#own-form").hidden = true;
    $("#own-edit").hidden = false;
  }

  async #save() {
    const body = { name: $("#own-name").value.trim(), range: this.page.view.range, layout: this.board.panels };
    const answer = await (this.document ? dashboards.replace(this.document.id, body) : dashboards.create(body));
    if (!answer.ok) return this.#refused(answer.body);
    this.editor.stop();
    if (!this.document) return location.assign(`${location.pathname}?d=${answer.body.id}`);
    this.document = answer.body;
    $("#own-form").hidden = true;
    $("#own-edit").hidden = false;
    const link = $(`#own-list [data-own="${answer.body.id}"]`);
    if (link) link.textContent = answer.body.name;
    showMessage(word("“{name}” is saved.", { name: answer.body.name }), "success");
  }

  #refused(problem) {
    const error = $("#own-error");
    error.textContent = problem.errors?.[0]?.detail ?? problem.detail;
    error.hidden = false;
  }

  async #share() {
    const answer = await dashboards.share(this.document.id);
    if (!answer.ok) return showMessage(answer.body.detail, "error");
    this.document = answer.body;
    this.#link();
    $("#own-link").focus();
    $("#own-link").select();
  }

  async #unshare() {
    const answer = await dashboards.unshare(this.document.id);
    if (!answer.ok) return showMessage(answer.body.detail, "error");
    this.document = answer.body;
    this.#link();
    showMessage(word("The link doesn’t lead here any more."), "success");
  }

  #link() {
    const path = this.document?.is_own ? this.document.share_path : null;
    $("#own-share-box").hidden = !path;
    $("#own-link").value = path ? new URL(path, location.origin).href : "";
  }

  async #copy() {
    $("#own-link").select();
    try {
      await navigator.clipboard.writeText($("#own-link").value);
      $("#own-copy").textContent = word("Copied");
    } catch {
      $("#own-copy").textContent = word("Press Ctrl+C");
    }
  }

  async #delete() {
    const button = $("#own-delete");
    if (button.dataset.asked !== "1") {
      button.dataset.asked = "1";
      button.textContent = word("Delete for good?");
      return setTimeout(() => {
        button.dataset.asked = "";
        button.textContent = word("Delete");
      }, ASK_AGAIN_MS);
    }
    const answer = await dashboards.remove(this.document.id);
    if (!answer.ok) return showMessage(answer.body.detail, "error");
    location.assign(location.pathname);
  }
}
