// How numbers look, as in the app: exact, or marked with ≈; zero has no sign; a column shares its decimals.

const MINUS = "\u2212", ABOUT = "\u2248";
const FEW = 3, MOST = 5, LARGEST = 1e7, LONG = 1e5;

const named = { inf: Infinity, "-inf": -Infinity, nan: NaN };
const numberOf = (value) => (typeof value === "string" ? named[value] : value);

// Like toFixed, but halves go to the even digit.
function fixed(value, decimals) {
  const size = Math.abs(value), sign = value < 0 ? "-" : "";
  const rounded = size.toFixed(decimals), exactly = size.toFixed(60);
  const rest = exactly.slice(decimals - 60);
  if (!/^50*$/.test(rest)) return sign + rounded;
  const cut = exactly.slice(0, decimals - 60).replace(/\.$/, "");
  return sign + ("02468".includes(cut.at(-1)) ? cut : rounded);
}

function decimalsNeeded(value, most) {
  for (let decimals = 0; decimals <= most; decimals += 1) if (Number(fixed(value, decimals)) === value) return decimals;
  return null;
}

function scientific(value) {
  const texts = [0, 1, 2, 3].map((digits) => value.toExponential(digits));
  const [mantissa, exponent] = (texts.find((text) => Number(text) === value) ?? texts[2]).split("e");
  return `${mantissa}e${Number(exponent)}`;
}

function one(value, decimals, signed) {
  let text;
  if (!Number.isFinite(value)) text = Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  else if (value === 0) text = fixed(0, decimals);
  else {
    text = fixed(value, decimals);
    if (Math.abs(value) >= LARGEST || Number(text) === 0) text = scientific(value);
  }
  if (Number.isFinite(value) && Number(text) !== value) text = ABOUT + text;
  return finish(text, value, signed);
}

function finish(text, value, signed) {
  if (signed && value > 0) text = text.startsWith(ABOUT) ? `${ABOUT}+${text.slice(1)}` : `+${text}`;
  return text.replaceAll("-", MINUS);
}

// The texts of numbers that stand under one another: as few decimals as show all exactly, up to `most`, else `few`.
function column(values, signed = false, few = FEW, most = MOST) {
  const finite = values.filter((value) => Number.isFinite(value) && Math.abs(value) < LARGEST);
  const short = finite.filter((value) => Math.abs(value) < LONG), usual = short.length ? short : finite;
  const needed = usual.map((value) => decimalsNeeded(value, most)), known = needed.filter((count) => count !== null);
  const decimals = known.length === needed.length ? Math.max(0, ...known) : few;
  return values.map((value) => one(value, decimals, signed));
}

// Every digit: the shortest text that reads back as the same number.
function full(value, signed = false) {
  if (!Number.isFinite(value)) return one(value, 0, signed);
  const text = value === 0 ? "0" : String(value).replace("e+", "e");
  return finish(text, value, signed);
}
