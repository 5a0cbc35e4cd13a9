// Forms that a passkey fills: the button shows where the browser can use one, and sends the form with its answer.
import { readData, showMessage } from "../lib/dom.js";
import { canUsePasskeys, makePasskey, usePasskey } from "../lib/passkey.js";

const ANSWERS = {
  "sign-in": async (form) => usePasskey((await challenge(form.action)).request_options),
  use: (form) => usePasskey(readData(form.dataset.options).request_options),
  add: (form) => makePasskey(readData(form.dataset.options).creation_options, form.elements.passwordless.checked),
};

async function challenge(address) {
  const answer = await fetch(address, { headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" } });
  if (!answer.ok) throw new Error(`the challenge was answered with ${answer.status}`);
  return answer.json();
}

async function send(form, button) {
  if (!form.reportValidity()) return;
  button.disabled = true;
  try {
    form.elements.credential.value = JSON.stringify(await ANSWERS[form.dataset.passkey](form));
    form.submit();
  } catch {
    // Said no, took too long, or the network is away: all the same to whoever waits here.
    showMessage(form.dataset.away, "error");
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  button.hidden = !canUsePasskeys();
  if (button.hidden && form.dataset.here) showMessage(form.dataset.here, "error");
  button.addEventListener("click", () => send(form, button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!button.hidden) send(form, button);
  });
}
