// A line without axes, as SVG; a gap in the values is a gap in the line.
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 240;
const HEIGHT = 40;
const INSET = 2;
const POINTS_MAX = 120;

function bounds(values, spec) {
  const known = values.filter((value) => value !== null);
  if (!known.length) return null;
  let [low, high] = [Math.min(...known), Math.max(...known)];
  // What hardly moves is drawn flat: no drama out of noise.
  const least = Math.max(Math.abs(high) * 0.08, spec.unit === "%" ? 4 : 1e-9);
  if (high - low < least) {
    const middle = (high + low) / 2;
    [low, high] = [middle - least / 2, middle + least / 2];
  }
  return [low, high];
}

/** The two paths of a row of values at even distances: {line, area}. */
export function paths(values, spec = {}) {
  const range = bounds(values, spec);
  if (range === null) return { line: "", area: "" };
  const [low, high] = range;
  const x = (index) => ((index / Math.max(1, values.length - 1)) * WIDTH).toFixed(1);
  const y = (value) => (HEIGHT - INSET - ((value - low) / (high - low)) * (HEIGHT - 2 * INSET)).toFixed(1);
  let line = "";
  let area = "";
  let begun = null;
  values.forEach((value, index) => {
    if (value !== null) {
      line += `${begun === null ? "M" : "L"}${x(index)} ${y(value)}`;
      area += begun === null ? `M${x(index)} ${HEIGHT}L${x(index)} ${y(value)}` : `L${x(index)} ${y(value)}`;
      begun ??= index;
    }
    const isEnd = value === null ? begun !== null : index === values.length - 1;
    if (!isEnd) return;
    area += `L${x(value === null ? index - 1 : index)} ${HEIGHT}Z`;
    begun = null;
  });
  return { line, area };
}

/** Draw into `svg`, which the server placed empty or filled. */
export function drawSpark(svg, values, spec) {
  if (!svg.firstChild) {
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute("preserveAspectRatio", "none");
    for (const name of ["area", "line"]) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", name);
      svg.append(path);
    }
  }
  const drawn = paths(values, spec);
  svg.querySelector(".area").setAttribute("d", drawn.area);
  svg.querySelector(".line").setAttribute("d", drawn.line);
}

/** At most so many points; each the mean of those it stands for. */
export function thinned(values) {
  const size = Math.ceil(values.length / POINTS_MAX);
  if (size <= 1) return values;
  const out = [];
  for (let first = 0; first < values.length; first += size) {
    const known = values.slice(first, first + size).filter((value) => value !== null);
    out.push(known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null);
  }
  return out;
}
