// Paper is narrow and cannot be scrolled: there a table stands in parts, each as wide as a sheet, under heads of its own, and
// always in the light colours.

const SHEET = 900; // pixels: the narrower of Letter and A4, lying, less margins and edges, and some for rounding
const SHORT = 24; // a table of fewer rows is not broken between two sheets

// The columns of each part of a table, by their widths; the first column stands in every part.
function columnsOfParts(widths) {
  const parts = [];
  let used = Infinity;
  widths.slice(1).forEach((width, place) => {
    if (used + width > SHEET) { parts.push(new Set([0])); used = widths[0]; }
    parts.at(-1).add(place + 1);
    used += width;
  });
  return parts;
}

// A copy of a table with these columns only, of cells that are shown; a head over several is over those that are left.
function tablePart(table, columns) {
  const part = table.cloneNode(true);
  for (const hidden of part.querySelectorAll("[hidden], caption")) hidden.remove();
  part.classList.toggle("short", part.rows.length < SHORT);
  for (const row of part.rows) {
    let place = 0;
    for (const cell of [...row.cells]) {
      const over = Array.from({ length: cell.colSpan }, () => place++).filter((column_) => columns.has(column_)).length;
      if (over) cell.colSpan = over;
      else cell.remove();
    }
  }
  for (const named_ of [part, ...part.querySelectorAll("[id]")]) named_.removeAttribute("id");
  for (const focused of part.querySelectorAll("[data-at]")) delete focused.dataset.at;
  return part;
}

function layOut(table) {
  const paper = element("div", { class: "paper" }), every = new Set(Array(table.rows[table.tHead.rows.length - 1].cells.length).keys());
  const whole = tablePart(table, every);
  paper.append(whole);
  table.before(paper);
  const widths = [...whole.tHead.rows[whole.tHead.rows.length - 1].cells].map((cell) => cell.getBoundingClientRect().width);
  paper.replaceChildren(...columnsOfParts(widths).map((columns) => tablePart(table, columns)));
}

let themeBefore = null;

function layOutAll() {
  const root = document.documentElement;
  takePaperAway();
  themeBefore = root.dataset.theme ?? "";
  root.dataset.theme = "light";
  root.classList.add("as-printed");
  layOut(by("samples"));
  layOut(by("trace"));
  root.classList.remove("as-printed");
}

function takePaperAway() {
  for (const paper of document.querySelectorAll(".paper")) paper.remove();
  if (themeBefore === "") delete document.documentElement.dataset.theme;
  else if (themeBefore !== null) document.documentElement.dataset.theme = themeBefore;
  themeBefore = null;
}

window.addEventListener("beforeprint", layOutAll);
window.addEventListener("afterprint", takePaperAway);
