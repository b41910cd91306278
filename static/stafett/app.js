// What HTML cannot do by itself. Everything here is an extra: each page works without it.
"use strict";

const live = (text) => {
  const box = document.getElementById("live");
  if (!box || !text) return;
  box.textContent = "";
  setTimeout(() => { box.textContent = text; }, 50);
};

// --- A form is sent once: later submits are dropped until the page comes back or the answer has come.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.hasAttribute("data-filters")) return;
  if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  if (event.defaultPrevented || form.method !== "post") return;
  form.dataset.sent = "1";
  delete form.dataset.changed;
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
}, true);
const release = (form) => {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
};
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (form) release(form);
});

// --- Unsaved text, only in forms that ask for it (data-guard: those without autosave).
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.hasAttribute("data-guard")) form.dataset.changed = "1";
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-guard][data-changed]:not([data-sent])")) event.preventDefault();
});

// --- Focus after htmx has replaced a part: the same control, else the errors, else [data-focus].
let focused = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  const card = active && active.closest("[data-card]");
  focused = active && event.detail.target.contains(active) ? active.id || (card && `${card.id}-move`) : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  const errors = part.querySelector("ds-error-summary");
  const target = errors || part.querySelector("[data-focus]") || (focused && document.getElementById(focused));
  focused = null;
  if (target && !target.contains(document.activeElement)) {
    if (!target.matches("a, button, input, select, textarea, [tabindex]")) target.tabIndex = -1;
    target.focus();
  }
  const said = part.querySelector("[data-announce]");
  if (said) live(said.textContent.trim());
});

// --- What went wrong with an htmx request is told; the answer's own words if it has any.
const toast = (text) => {
  const box = document.createElement("div");
  box.className = "toast";
  box.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words);
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), 12000);
};
// What asks by itself every second (data-pulse) says once that it gets no answer, in the page, and takes it back.
const isPulse = (event) => event.detail.elt.matches("[data-pulse]");
const lost = (yes) => document.querySelectorAll("[data-lost]").forEach((box) => { if (box.hidden === yes) box.hidden = !yes; });
document.addEventListener("htmx:afterRequest", (event) => { if (isPulse(event)) lost(!event.detail.successful); });
document.addEventListener("htmx:responseError", (event) => {
  if (isPulse(event)) return;
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const words = page.querySelector("[data-error-text]");
  toast(words ? words.textContent.trim().replace(/\s+/g, " ") : document.body.dataset.failed);
});
document.addEventListener("htmx:sendError", (event) => { if (!isPulse(event)) toast(document.body.dataset.offline); });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-close-toast]");
  if (button) button.closest("[data-toast]").remove();
});

// --- Autosave: the form says whether the draft is saved.
const saving = (event) => event.detail.requestConfig.verb === "post" && event.detail.elt.closest("form[data-autosave]")?.querySelector("[data-autosave-status]");
const isSaved = (event) => event.detail.successful && event.detail.xhr.status < 400; // htmx counts 422 as successful
const say = (status, state) => {
  if (!status) return;
  const now = new Date().toLocaleTimeString("nb-NO", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  status.dataset.state = state;
  status.textContent = status.dataset[state].replace("%s", now);
};
document.addEventListener("htmx:beforeRequest", (event) => say(saving(event), "saving"));
document.addEventListener("htmx:afterRequest", (event) => say(saving(event), isSaved(event) ? "saved" : "failed"));

// --- What is typed stays in this tab until the server has it (data-keep names the page and the person).
const keepName = (form) => `typed:${form.dataset.keep}`;
const typedIn = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
const unsent = new WeakSet();
const keeping = (event) => event.detail.elt.closest("form[data-keep]");
const savedText = document.cookie.match(/(?:^|;\s*)saved_text="?([^;"]*)/);
if (savedText) {
  sessionStorage.removeItem(`typed:${savedText[1]}`);
  document.cookie = "saved_text=; path=/; max-age=0";
}
document.addEventListener("input", ({ target: { form } }) => {
  if (!form?.hasAttribute("data-keep")) return;
  unsent.add(form);
  sessionStorage.setItem(keepName(form), JSON.stringify(typedIn(form)));
});
document.addEventListener("htmx:beforeRequest", (event) => { if (saving(event)) unsent.delete(keeping(event)); });
document.addEventListener("htmx:afterRequest", (event) => {
  const form = saving(event) && keeping(event);
  if (form && isSaved(event) && !unsent.has(form)) sessionStorage.removeItem(keepName(form));
});
document.addEventListener("submit", ({ target }) => { if (target.action.includes("/logout/")) sessionStorage.clear(); });
const bringBack = (form) => {
  const typed = JSON.parse(sessionStorage.getItem(keepName(form)) || "[]");
  const given = (name) => typed.filter(([key]) => key === name).map(([, value]) => value);
  const isChoice = (control) => control.matches("[type=checkbox], [type=radio]");
  const changed = !typed.length ? [] : [...form.elements].filter((control) => {
    if (!control.name || control.matches("button, [type=file], [type=hidden]")) return false;
    const values = given(control.name);
    if (control.matches("select") && ![...control.options].some(({ value }) => values.includes(value))) return false; // no longer offered
    return isChoice(control) ? control.checked !== values.includes(control.value) : values.length > 0 && control.value !== values[0];
  });
  if (!changed.length) { sessionStorage.removeItem(keepName(form)); return; }
  ["base", "version", "seen"].filter((name) => form.elements[name]).forEach((name) => { form.elements[name].value = given(name)[0] || ""; }); // what the typed text was a change of
  changed.forEach((control) => {
    if (isChoice(control)) control.checked = !control.checked;
    else control.value = given(control.name)[0];
    ["input", "change"].forEach((name) => control.dispatchEvent(new Event(name, { bubbles: true })));
  });
  form.querySelector("[data-restored]")?.removeAttribute("hidden");
};
window.addEventListener("load", () => document.querySelectorAll("form[data-keep]").forEach(bringBack));

// --- Where the tabs do not fit, the one we are on is in view.
document.querySelectorAll(".tabs [aria-current]").forEach((tab) => {
  const row = tab.closest(".tabs");
  row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
});

// --- Paper is white, whatever the screen is.
const scheme = document.documentElement.dataset.colorScheme;
window.addEventListener("beforeprint", () => { document.documentElement.dataset.colorScheme = "light"; });
window.addEventListener("afterprint", () => { document.documentElement.dataset.colorScheme = scheme; });

// --- Board: dragging a card clicks the button in its own menu, so there is one way through.
let dragged = null;
const moveTo = (card, column) => {
  const buttons = card.querySelectorAll(".menu button");
  return column && [...buttons].find((button) => button.value === column.dataset.column);
};
const prepare = (root) => root.querySelectorAll("[data-card]").forEach((card) => { card.draggable = true; });
document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (!card) return;
  dragged = card;
  card.setAttribute("data-dragging", "");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.id);
});
const clear = () => document.querySelectorAll("[data-over]").forEach((column) => column.removeAttribute("data-over"));
document.addEventListener("dragover", (event) => {
  const column = dragged && event.target.closest("[data-column]");
  clear();
  if (!column || !moveTo(dragged, column)) return;
  event.preventDefault();
  column.setAttribute("data-over", "");
});
document.addEventListener("drop", (event) => {
  const button = dragged && moveTo(dragged, event.target.closest("[data-column]"));
  if (button) { event.preventDefault(); button.click(); }
});
document.addEventListener("dragend", () => { dragged?.removeAttribute("data-dragging"); dragged = null; clear(); });
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
prepare(document);
// --- Log-out: what a person has begun to write stays on the device no longer than the person.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-log-out]")) return;
  Object.keys(localStorage).filter((key) => key.startsWith("melding:")).forEach((key) => localStorage.removeItem(key));
});
