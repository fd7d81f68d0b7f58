// The moment that is looked at, the receipt that is open, and the keys.

const by = (id) => document.getElementById(id);
const moment = { batch: run.first, banked: 1, isFinal: false };
const trail = [];
let isExact = false, shown = 0, opener = "";

const countOf = (batch) => batchData(batch).coins.length;

// Go to a batch with so many samples banked; more than there are: the commit.
function goTo(batch, banked) {
  batch = Math.min(Math.max(batch, run.first), run.last);
  moment.batch = batch;
  moment.isFinal = banked > countOf(batch);
  moment.banked = Math.min(Math.max(banked, 1), countOf(batch));
  show();
}

function step(by_) {
  const banked = moment.isFinal ? countOf(moment.batch) + 1 : moment.banked;
  const wanted = banked + by_;
  if (wanted < 1 && moment.batch > run.first) goTo(moment.batch - 1, Infinity);
  else if (wanted > countOf(moment.batch) + 1 && moment.batch < run.last) goTo(moment.batch + 1, 1);
  else goTo(moment.batch, wanted);
}

function show() {
  const data = batchData(moment.batch), before = document.activeElement, focused = before?.dataset?.at;
  if (shown !== moment.batch) {
    fillSamples(by("samples"), data, isExact);
    fillTrace(by("trace"), data, isExact);
    fillMoments(data);
    followTrail();
    shown = moment.batch;
  }
  showMoment(by("samples"), by("trace"), moment.banked, moment.isFinal);
  const count = countOf(moment.batch);
  by("epoch").textContent = data.epoch;
  by("batch").textContent = `${moment.batch} / ${run.recorded}`;
  by("banked").textContent = `${moment.banked} / ${count}`;
  by("seals").textContent = `${run.seal}, ${data.seal}`;
  by("seal").textContent = `seal of the run ${run.seal} · after batch ${moment.batch} ${data.seal}`;
  by("slider").value = moment.batch;
  by("slider").setAttribute("aria-valuetext", `batch ${moment.batch}, epoch ${data.epoch}`);
  for (const phase of document.querySelectorAll("[data-phase]")) phase.classList.toggle("on", phase.dataset.phase === (moment.isFinal ? "commit" : "bank"));
  for (const chip of by("moments").children) {
    const place = Number(chip.dataset.banked), isHere = moment.isFinal ? place > count : place === moment.banked;
    chip.setAttribute("aria-pressed", String(isHere));
    chip.classList.toggle("done", place <= moment.banked || moment.isFinal);
  }
  const loss = data.values[data.loss];
  const known = by("loss");
  known.textContent = isExact ? full(loss) : column([loss])[0];
  known.title = full(loss);
  known.dataset.value = String(loss);
  known.dataset.open = `loss||${moment.batch}|0||`;
  markPlot(by("plot"), moment.batch);
  by("status").textContent = moment.isFinal
    ? `Batch ${moment.batch} is committed: every bank is broken and every weight has moved by its final adjustment.`
    : `${moment.banked} of ${count} ${count === 1 ? "sample" : "samples"} of batch ${moment.batch} banked. The update is pending: no weight has moved.`;
  showReceipt();
  if (before?.hidden) before.parentElement?.querySelector("[data-after]:not([hidden])")?.focus();
  if (focused && document.activeElement === document.body) atPlace(document, focused)?.focus();
}

function fillMoments(data) {
  const chips = data.coins.map((_, place) => element("button", { type: "button", "data-banked": place + 1, "data-at": `moment|${place + 1}` },
    coinMark(place + 1), ` ${place + 1} banked`));
  chips.push(element("button", { type: "button", class: "commit", "data-banked": data.coins.length + 1, "data-at": "moment|commit", text: "commit" }));
  by("moments").replaceChildren(...chips);
}

// Receipts -------------------------------------------------------------------------------------------------------------

function openReceipt(code, from) {
  if (!found(code)) return;
  if (from && !by("receipt").contains(from)) { trail.length = 0; opener = from.dataset.at ?? from.id; }
  const known = trail.indexOf(code);
  if (known >= 0) trail.length = known;
  trail.push(code);
  showReceipt();
  by("receipt").querySelector("h2").focus();
}

function closeReceipt() {
  if (!trail.length) return;
  trail.length = 0;
  showReceipt();
  focusOpener();
}

const atPlace = (root, place) => place ? root.querySelector(`[data-at="${CSS.escape(place)}"]`) : null;
const focusOpener = () => (atPlace(document, opener) ?? by(opener))?.focus();

// In another batch the receipt that was opened first stays open, of that batch; what it led to closes.
function followTrail() {
  if (!trail.length) return;
  const parts = trail[0].split("|");
  if (Number(parts[2]) > 0) parts[2] = moment.batch;
  const code = parts.join("|");
  trail.length = 0;
  if (found(code)) trail.push(code);
}

function isWaiting(code) {
  const [kind, , batch, sample] = code.split("|");
  const count = countOf(moment.batch);
  const place = kind === "popup" || kind === "bank" || kind === "predict" || kind === "blame" || (kind === "loss" && sample !== "0") ? Number(sample) : 0;
  return Number(batch) === moment.batch && !moment.isFinal && place > moment.banked && place <= count;
}

function showReceipt() {
  const panel = by("receipt"), focused = panel.contains(document.activeElement) ? document.activeElement : null;
  panel.hidden = trail.length === 0;
  document.body.classList.toggle("has-receipt", trail.length > 0);
  if (!trail.length) {
    panel.replaceChildren();
    if (focused) focusOpener();
    return;
  }
  const code = trail.at(-1), receipt = receiptOf(code);
  const isPending = Number(code.split("|")[2]) === moment.batch && !moment.isFinal;
  const crumbs = element("ol", { class: "crumbs", "aria-label": "The way here" }, ...trail.slice(0, -1).map((step_, place) =>
    element("li", {}, element("button", { type: "button", "data-crumb": place, text: receiptOf(step_).title }))));
  const close = element("button", { type: "button", id: "close", text: "Close (Esc)" });
  const back = element("button", { type: "button", id: "return", text: "Back (Backspace)", hidden: trail.length < 2 ? "" : false });
  const state = `PENDING ${moment.banked} of ${countOf(moment.batch)}`;
  const body = isWaiting(code) ? element("p", { class: "note", text: "This sample waits for its turn." })
    : receiptBody(code, receipt, isPending, isExact, state);
  panel.replaceChildren(element("div", { class: "tools" }, back, close), crumbs, element("h2", { tabindex: -1, text: receipt.title }), body);
  if (focused) (atPlace(panel, focused.dataset.at) ?? by(focused.id) ?? panel.querySelector("h2")).focus({ preventScroll: true });
}

// Presses and keys -----------------------------------------------------------------------------------------------------

function goBack() {
  if (trail.length < 2) return;
  trail.pop();
  showReceipt();
  by("receipt").querySelector("h2").focus();
}

function toggleExact() {
  isExact = !isExact;
  by("exact").setAttribute("aria-pressed", String(isExact));
  shown = 0;
  const kept = [...trail];
  show();
  trail.splice(0, trail.length, ...kept);
  showReceipt();
}

function toggleTheme() {
  const root = document.documentElement, isDark = getComputedStyle(root).colorScheme === "dark";
  root.dataset.theme = isDark ? "light" : "night";
}

const SIDEWAYS = 120; // pixels

const KEYS = {
  ArrowRight: () => step(1), ArrowLeft: () => step(-1),
  PageDown: () => goTo(moment.batch + 1, moment.isFinal ? Infinity : moment.banked),
  PageUp: () => goTo(moment.batch - 1, moment.isFinal ? Infinity : moment.banked),
  Home: () => goTo(run.first, 1), End: () => goTo(run.last, Infinity),
  Escape: closeReceipt, Backspace: goBack, e: toggleExact, n: toggleTheme,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  const wide = event.shiftKey && event.key.startsWith("Arrow") && event.target.closest(".scroll");
  if (wide) wide.scrollLeft += event.key === "ArrowRight" ? SIDEWAYS : -SIDEWAYS;
  else action();
});

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("button");
  if (!pressed) return;
  const { go, banked, open, crumb } = pressed.dataset;
  if (go) ({ start: KEYS.Home, back: KEYS.ArrowLeft, on: KEYS.ArrowRight, end: KEYS.End })[go]();
  else if (banked) goTo(moment.batch, Number(banked));
  else if (open) openReceipt(open, pressed);
  else if (crumb) { trail.length = Number(crumb) + 1; showReceipt(); by("receipt").querySelector("h2").focus(); }
  else if (pressed.id === "close") closeReceipt();
  else if (pressed.id === "return") goBack();
  else if (pressed.id === "exact") toggleExact();
  else if (pressed.id === "theme") toggleTheme();
});

by("title").textContent = run.title;
by("words").textContent = run.words;
by("settings").append(element("tbody", {}, ...run.settings.map(([name, value]) =>
  element("tr", {}, element("th", { scope: "row", text: name }), element("td", { text: value })))));
const slider = by("slider");
slider.min = run.first;
slider.max = run.last;
slider.addEventListener("input", () => goTo(Number(slider.value), moment.isFinal ? Infinity : moment.banked));
drawPlot(by("plot"), (batch) => goTo(batch, Infinity));
goTo(run.first, 1);
