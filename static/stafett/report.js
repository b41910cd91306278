// The report form: a draft on the device, help while one writes, and the code of an anonymous report.
// Everything here is an extra: without it the server asks in a second step.
const KEPT = "melding:";
const LASTS = 24 * 3600 * 1000;
const NEVER_KEPT = new Set(["csrfmiddlewaretoken", "follow_code", "confirmed", "confirmed_identity", "warned", "same", "seen"]);
const form = () => document.querySelector("form[data-report]");
const keyOf = (one) => KEPT + one.dataset.report;
const isAnonymous = (one) => one.elements.anonymity?.value === "anonymous";
const belongsElsewhere = (one) => one.querySelector("[data-elsewhere]");

// --- The draft: kept for the same person on the same device for a day, never of an anonymous report
// --- and never of what is reported through another channel.
const read = (key) => {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
};
const forget = (one) => localStorage.removeItem(keyOf(one));
const keep = (one) => {
  if (isAnonymous(one) || belongsElsewhere(one)) { forget(one); return; }
  const typed = [...new FormData(one)].filter(([name, value]) => typeof value === "string" && !NEVER_KEPT.has(name));
  try { localStorage.setItem(keyOf(one), JSON.stringify({ at: Date.now(), typed })); } catch { /* the device has no room */ }
};
const sweep = (mine) => Object.keys(localStorage).filter((key) => key.startsWith(KEPT)).forEach((key) => {
  const kept = read(key);
  if (key !== mine || !kept || Date.now() - kept.at > LASTS) localStorage.removeItem(key);
});
const fill = (one, typed) => {
  const open = [];
  for (const [name, value] of typed) {
    const control = one.elements[name];
    if (!control) { open.push([name, value]); continue; }
    const choices = control instanceof RadioNodeList ? [...control] : control.matches?.("[type=checkbox], [type=radio]") ? [control] : null;
    if (choices) choices.filter((choice) => choice.value === value).forEach((choice) => { choice.checked = true; });
    else control.value = value;
  }
  return open;
};
let waiting = []; // answers to questions that come with the next answer of the server
const restore = (one) => {
  const kept = read(keyOf(one));
  const said = kept?.typed.some(([name, value]) => ["description", "title", "immediate_action"].includes(name) && value.trim());
  if (!said) return;
  waiting = fill(one, kept.typed);
  one.querySelector("[data-restored]").hidden = false;
  more(one);
};

// --- What follows from what is written: types, reports alike, questions.
let pause;
const more = (one) => one.querySelector("#report-more").dispatchEvent(new Event("report-more"));
const soon = (one) => { clearTimeout(pause); pause = setTimeout(() => more(one), 600); };
const ASKS = ["kind", "danger", "type", "unit", "anonymity"];
const changed = ({ target }) => {
  const one = target.form;
  if (one !== form()) return;
  if (target.name === "suggested") one.elements.type.value = "";
  if (target.name === "type" && target.value) one.querySelectorAll("[name=suggested]").forEach((choice) => { choice.checked = false; });
  keep(one);
  show(one);
  if (ASKS.includes(target.name) || target.name === "suggested" || (target.name.startsWith("q_") && target.type === "radio")) more(one);
};
document.addEventListener("change", changed);
document.addEventListener("input", ({ target }) => {
  if (!target.form || target.form !== form()) return;
  keep(target.form);
  if (target.name === "description") soon(target.form);
});

// Help that does not come is no failure to tell of: it comes with the next pause.
["htmx:sendError", "htmx:responseError"].forEach((name) => document.addEventListener(name, (event) => {
  if (event.detail.elt.id === "report-more") event.stopImmediatePropagation();
}, true));

// --- A photo is made smaller before it is sent: enough to see what happened, and quick on a poor line.
const LARGEST_SIDE = 2000;
const SMALL_ENOUGH = 700_000; // bytes
const shrink = async (file) => {
  if (file.size < SMALL_ENOUGH || !/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LARGEST_SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width * scale, image.height * scale];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.8); });
    return blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: blob.type }) : file;
  } catch { return file; } // no picture: the server says what it is
};
document.addEventListener("change", async ({ target }) => {
  if (!target.matches("[type=file][accept='image/*']")) return;
  const chosen = [...target.files];
  const smaller = await Promise.all(chosen.map(shrink));
  if (smaller.every((file, index) => file === chosen[index]) || target.files[0] !== chosen[0]) return;
  const bag = new DataTransfer();
  smaller.forEach((file) => bag.items.add(file));
  target.files = bag.files;
  if (target.form === form()) show(target.form);
});

// --- What is folded away says what it holds.
const wordsOf = (one, name) => {
  const control = one.elements[name];
  if (name === "photos") {
    const files = [...one.elements.camera.files, ...one.elements.photos.files];
    const size = files.reduce((sum, file) => sum + file.size, 0) / 1e6;
    return files.length ? `${files.length} (${size.toFixed(1).replace(".", ",")} MB)` : "";
  }
  if (control instanceof RadioNodeList) return one.querySelector(`[name="${name}"]:checked`)?.closest("ds-field")?.querySelector("label")?.textContent || "";
  if (control.matches("select")) return control.value ? control.selectedOptions[0].textContent : "";
  return control.type === "datetime-local" ? control.value.replace("T", " ") : control.value.replace(/ \(.*\)$/, "");
};
const show = (one) => one.querySelectorAll("[data-shows]").forEach((box) => {
  box.textContent = box.dataset.shows.split(" ").map((name) => wordsOf(one, name)).filter(Boolean).join(", ");
});

// --- Coming, going and being sent.
const begin = () => {
  const one = form();
  const sent = document.querySelector("[data-report-sent]");
  if (sent) {
    Object.keys(localStorage).filter((key) => key.startsWith(KEPT)).forEach((key) => {
      if (read(key)?.typed.some(([name, value]) => name === "submission_key" && value === sent.dataset.reportSent)) localStorage.removeItem(key);
    });
  }
  if (!one) return;
  if (one.hasAttribute("data-fresh")) { sweep(keyOf(one)); restore(one); one.removeAttribute("data-fresh"); }
  show(one);
};
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id === "innhold") begin();
  const one = form();
  if (one && belongsElsewhere(one)) forget(one);
  if (one && waiting.length) { waiting = fill(one, waiting); more(one); if (event.detail.elt.id === "report-more") waiting = []; }
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful && detail.requestConfig?.elt === form() && detail.requestConfig.triggeringEvent?.submitter?.hasAttribute("data-joins")) forget(form());
});
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-forget]")) { forget(form()); location.reload(); }
  if (target.closest("[data-print]")) print();
  const back = target.closest(".guard a[href^='#']");
  if (back) setTimeout(() => document.querySelector(back.hash)?.focus());
  const copy = target.closest("[data-copy]");
  if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => { document.getElementById("live").textContent = copy.querySelector("span").textContent = copy.dataset.copied; });
});
begin();
