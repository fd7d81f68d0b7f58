// The calculation behind a number, line by line; its numbers open theirs, and the way back stands above.

const SIGNS = { "*": "×", "/": "÷", "-": MINUS, "+": "+", "=": "=", "±": "±" };
const YELLOW = new Set(["Blame slice", "Bank", "Coins in the bank"]);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") made.className = value;
    else if (name === "text") made.textContent = value;
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// A number that opens its receipt; `at` names its place, so that the focus finds it again.
function numberButton(text, value, code, at, words) {
  const there = code && found(code);
  const attributes = { class: "n", text, "data-at": at, title: full(value), "data-value": String(value) };
  if (Object.is(value, -0)) attributes["data-value"] = "-0";
  if (!there) return element("span", attributes);
  return element("button", { ...attributes, type: "button", "data-open": code, "aria-label": `${words}: ${text}` });
}

function colourOf(section, kind) {
  if (YELLOW.has(section)) return "pending";
  if (kind === "commit" || section === "Final adjustment") return "final";
  return section === "Blame" || section === "Slope" ? "blame" : "plain";
}

// The lines of the receipt that a code names, in their sections; its own number opens nothing. isPending: the batch is not committed yet at the moment that is looked at.
function receiptBody(code, receipt, isPending, isExact, state) {
  const body = element("div", { class: "strips" });
  let table = null, section = null;
  receipt.lines.forEach((line, place) => {
    if (line.section !== section || table === null) {
      section = line.section;
      const colour = colourOf(section, receipt.kind);
      const waits = colour === "final" && isPending;
      const shown = waits ? "waiting" : colour;
      const word = colour === "final" ? (isPending ? state : "FINAL") : colour === "pending" ? "ACCUMULATION" : "";
      table = element("tbody");
      const head = element("h3", {}, section || receipt.title, element("span", { class: "word", text: word }));
      body.append(element("div", { class: `strip ${shown}` }, head, element("table", {}, table)));
    }
    const value = line.value, text = value === null ? "" : isExact ? full(value) : column([value], false, 6, 8)[0];
    table.append(receiptLine(line, line.opens === code ? "" : line.opens, text, isPending && receipt.unknown.has(place), place));
  });
  return body;
}

function receiptLine(line, opens, text, isUnknown, place) {
  const isResult = line.operator === "=";
  const number = element("td", { class: "number" });
  if (line.value === null || isUnknown) number.append(element("span", { class: "unknown", text: "· · ·", title: "not known yet" }));
  else number.append(numberButton(text, line.value, opens, `line|${place}`, line.label));
  const rounded = isResult && line.value !== null && !isUnknown ? (line.exact ? "exact" : "≈ rounded") : "";
  return element("tr", { class: isResult ? "result" : "" },
    element("td", { class: "operator", text: SIGNS[line.operator] ?? line.operator }),
    element("th", { scope: "row" }, line.label, element("span", { class: "formula", text: line.formula === line.label ? "" : line.formula })), number,
    element("td", { class: "exactness", text: rounded }));
}
