// The two tables of a batch: its samples, and one row for each weight.

const hue = (sample) => `hue-${((sample - 1) % 8) + 1}`;
const coinMark = (sample) => element("span", { class: `coin ${hue(sample)}`, text: String(sample), "aria-hidden": "true" });

function head(words, attributes = {}) {
  return element("th", { scope: "col", text: words, ...attributes });
}

function texts(values, isExact, signed) {
  return isExact ? values.map((value) => full(value, signed)) : column(values, signed);
}

// Fill the samples' table of a batch.
function fillSamples(table, data, isExact) {
  const heads = run.heads.map(({ name, words, kind }) =>
    head(kind === "loss" ? "loss" : kind === "input" ? words : `${kind} ${name}`, { class: kind, title: `${kind} ${name} ${words}`.trim() }));
  const columns = run.heads.map((_, place) =>
    texts(data.samples.map((cells) => data.values[cells[place][0]]), isExact, run.heads[place].kind === "blame"));
  const rows = data.samples.map((cells, row) => {
    const sample = row + 1, name = run.texts[data.rows[row]];
    const numbers = cells.map(([number, code], place) => element("td", { class: `number ${run.heads[place].kind}` },
      numberButton(columns[place][row], data.values[number], code, `sample|${place}|${sample}`, `${run.heads[place].kind} ${run.heads[place].name} of sample ${sample}`)));
    return element("tr", { "data-sample": sample }, element("th", { scope: "row" }, coinMark(sample), ` sample ${sample}`),
      element("td", { class: "row", text: name }), ...numbers, element("td", { class: "state" }));
  });
  table.replaceChildren(element("caption", { text: `The samples of batch ${data.batch}` }),
    element("thead", {}, element("tr", {}, head("sample"), head("row"), ...heads, head("state"))), element("tbody", {}, ...rows));
}

// Fill the weights' table of a batch; what is not known at a moment is hidden by `showMoment`.
function fillTrace(table, data, isExact) {
  const count = data.coins.length, of = (places) => places.map((place) => data.values[place]);
  const coins = data.coins.map((places) => texts(of(places), isExact, true));
  const banks = data.banks.map((places) => texts(of(places), isExact, true));
  const before = texts(of(data.before), isExact, false);
  const extras = data.extras.map(({ name, values }) => texts(of(values), isExact, name !== "after"));
  const top = element("tr", {}, element("td", { colspan: 2 }), head("accumulation", { colspan: count + 1, scope: "colgroup", class: "pending" }),
    head("final", { colspan: data.extras.length, scope: "colgroup", class: "final" }));
  const names = element("tr", {}, head("weight"), head("before"),
    ...data.coins.map((_, place) => element("th", { scope: "col", class: "pending" }, coinMark(place + 1), " coin")),
    head("in the bank", { class: "pending", id: "bank-head" }), ...data.extras.map(({ words }) => head(words, { class: "final" })));
  const rows = run.weights.map(({ name, words }, row) => {
    const cell = (kind, place, text, number, code, said) => element("td", { class: `number ${kind}`, "data-place": place },
      numberButton(text, data.values[number], code, `${kind}|${place}|${row}`, `${said} ${words}`));
    const bank = element("td", { class: "number bank", "data-row": row });
    bank.append(...banks.map((column_, place) => {
      const made = numberButton(column_[row], data.values[data.banks[place][row]], `bank|${name}|${data.batch}|${place + 1}||`, `bank|${place}|${row}`, `in the bank of ${words} after sample ${place + 1}`);
      made.dataset.after = place + 1;
      return made;
    }));
    return element("tr", {}, element("th", { scope: "row", text: words }),
      cell("before", 0, before[row], data.before[row], data.before_opens[row], "before,"),
      ...data.coins.map((places, place) => cell("coin-of", place + 1, coins[place][row], places[row], `popup|${name}|${data.batch}|${place + 1}||`, `coin of sample ${place + 1} for`)),
      bank,
      ...data.extras.map(({ name: part, words: said, values }, place) =>
        cell("extra", place, extras[place][row], values[row], `commit|${name}|${data.batch}|0||${part === "after" ? "" : part}`, `${said} of`)));
  });
  table.replaceChildren(element("caption", { text: `Every weight in batch ${data.batch}` }),
    element("thead", {}, top, names), element("tbody", {}, ...rows));
}

// Show of both tables what is known once so many samples are banked; all when the batch is committed.
function showMoment(samples, trace, banked, isFinal) {
  const count = samples.tBodies[0].rows.length;
  for (const row of samples.tBodies[0].rows) {
    const sample = Number(row.dataset.sample), isBanked = sample <= banked;
    row.className = sample === banked && !isFinal ? "now" : "";
    row.querySelector(".state").textContent = isBanked ? (isFinal ? "committed" : "banked") : "waiting";
    for (const cell of row.querySelectorAll(".prediction, .output, .blame, .loss")) cell.classList.toggle("unseen", !isBanked);
  }
  trace.querySelector("#bank-head").textContent = isFinal ? "total" : `pending ${banked} of ${count}`;
  for (const row of trace.tBodies[0].rows) {
    for (const cell of row.querySelectorAll(".coin-of")) {
      const sample = Number(cell.dataset.place);
      cell.classList.toggle("unseen", sample > banked);
      cell.classList.toggle("now", sample === banked && !isFinal);
    }
    for (const number of row.querySelectorAll("[data-after]")) number.hidden = Number(number.dataset.after) !== banked;
    for (const cell of row.querySelectorAll(".extra")) cell.classList.toggle("unseen", !isFinal);
  }
  trace.classList.toggle("is-final", isFinal);
}
