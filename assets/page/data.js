// The data that stands in the page: the run as a whole, and each batch when it is first looked at.

if (!("DecompressionStream" in window)) {
  document.getElementById("status").textContent = "The data of this page are packed, and this browser cannot unpack them; please take one of 2023 or later.";
  return;
}
const unpackedTexts = new Map(await Promise.all([...document.querySelectorAll('script[type="application/zlib"]')].map(async ({ id, textContent }) => {
  const packed = Uint8Array.from(atob(textContent), (letter) => letter.charCodeAt(0));
  return [id, await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).text()];
})));
const parsed = (id) => JSON.parse(unpackedTexts.get(id));
const run = parsed("run");
const batches = new Map();

function unpacked(data) {
  data.values = data.values.map(numberOf);
  return data;
}
unpacked(run.ends);
run.losses = run.losses.map(numberOf);

// The data of a batch; undefined for one that is not in the page.
function batchData(number) {
  if (number < run.first || number > run.last) return undefined;
  if (!batches.has(number)) batches.set(number, unpacked(parsed(`batch-${number}`)));
  return batches.get(number);
}

// Where a receipt's code is kept, and the receipt there; undefined when the page does not hold it.
function found(code) {
  const batch = Number(code.split("|")[2]);
  for (const store of [batchData(batch), run.ends]) if (store && code in store.receipts) return { store, code };
  return undefined;
}

// A receipt as it is read: its title, kind, value, and lines with their words.
function receiptOf(code) {
  const { store } = found(code);
  const [title, kind, value, lines, unknown] = store.receipts[code];
  return {
    title: run.texts[title],
    kind: run.texts[kind],
    value: store.values[value],
    unknown: new Set(unknown),
    lines: lines.map((place) => {
      const [section, label, operator, number, formula, exact, opens] = store.lines[place];
      return {
        section: run.texts[section],
        label: run.texts[label],
        operator: run.texts[operator],
        value: number < 0 ? null : store.values[number],
        formula: run.texts[formula],
        exact: exact === 1,
        opens,
      };
    }),
  };
}
