// The loss of every batch, with the one that is looked at marked.

const WIDE = 320, HIGH = 64, EDGE = 6;

function svg(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function pointOf(place) {
  const usual = run.losses.filter(Number.isFinite), low = Math.min(0, ...usual), high = Math.max(low + 1e-300, ...usual);
  const x = run.losses.length > 1 ? EDGE + (place / (run.losses.length - 1)) * (WIDE - 2 * EDGE) : WIDE / 2;
  const share = (run.losses[place] - low) / (high - low);
  return Number.isFinite(share) ? [x, HIGH - EDGE - share * (HIGH - 2 * EDGE)] : null;
}

// Draw the plot; `go` is called with the number of a batch that is pressed.
function drawPlot(box, go) {
  const first = Math.max(run.losses.findIndex(Number.isFinite), 0), last = run.losses.findLastIndex(Number.isFinite);
  const words = last < 0 ? "Loss per batch" : `Loss per batch, from ${full(run.losses[first])} to ${full(run.losses[last])}`;
  const picture = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": words, preserveAspectRatio: "none" });
  picture.append(svg("line", { x1: EDGE, x2: WIDE - EDGE, y1: HIGH - EDGE, y2: HIGH - EDGE, class: "axis" }));
  let line = "", isOn = false;
  const step = Math.max(1, Math.floor(run.losses.length / 2000));
  for (let place = 0; place < run.losses.length; place += step) {
    const point = pointOf(place);
    if (point) line += `${isOn ? "L" : "M"}${point[0].toFixed(2)} ${point[1].toFixed(2)}`;
    isOn = point !== null;
  }
  picture.append(svg("path", { d: line || "M0 0", class: "curve" }), svg("path", { d: "M0 0", class: "here" }));
  picture.addEventListener("click", (event) => {
    const { left, width } = picture.getBoundingClientRect();
    const share = (((event.clientX - left) / width) * WIDE - EDGE) / (WIDE - 2 * EDGE);
    go(run.first + Math.round(Math.min(Math.max(share, 0), 1) * (run.losses.length - 1)));
  });
  box.replaceChildren(picture);
}

function markPlot(box, batch) {
  const point = pointOf(batch - run.first), mark = box.querySelector(".here");
  mark.style.display = point ? "" : "none";
  if (point) mark.setAttribute("d", `M${point[0]} ${point[1]}h0.001`);
}
