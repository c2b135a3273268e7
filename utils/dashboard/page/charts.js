// Line charts in SVG: a few hundred points, drawn anew when they change.

const NS = "http://www.w3.org/2000/svg";
const HEIGHT = 220;
const MARGIN = { left: 58, right: 10, top: 8, bottom: 24 };

function element(name, attributes, text) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Round values that divide [low, high] into about `count` parts. */
export function ticks(low, high, count) {
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = power * [1, 2, 5, 10].find((factor) => power * factor >= span / count);
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high + step * 1e-9; k += 1) found.push(k * step);
  return found;
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

function timeLabel(seconds, span) {
  const iso = new Date(seconds * 1000).toISOString();
  if (span > 3 * 365 * 86400) return iso.slice(0, 4);
  if (span > 3 * 86400) return iso.slice(0, 10);
  const local = new Date(seconds * 1000);
  const parts = { hour: "2-digit", minute: "2-digit", hour12: false };
  if (span < 600) parts.second = "2-digit";
  return local.toLocaleTimeString("en-GB", parts);
}

/**
 * Draw lines over one time axis into `place`.
 *
 * @param {HTMLElement} place
 * @param {string} label what the chart shows, in words
 * @param {number[]} times seconds since 1970, ascending
 * @param {{values: number[], kind: "line" | "other", area?: boolean}[]} lines
 * @param {number} [floor] lowest value of the axis, where it is to be fixed
 */
export function draw(place, label, times, lines, floor) {
  const width = Math.max(place.clientWidth, 200);
  const height = place.clientHeight || HEIGHT;
  const inner = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
  const values = lines.flatMap((line) => line.values);
  const low = floor ?? Math.min(...values);
  const high = Math.max(...values, low + (Math.abs(low) || 1) * 1e-6);
  const first = times[0];
  const span = times.at(-1) - first || 1;
  const x = (time) => MARGIN.left + ((time - first) / span) * inner.width;
  const y = (value) => MARGIN.top + (1 - (value - low) / (high - low)) * inner.height;

  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  for (const value of ticks(low, high, 4)) {
    const at = y(value).toFixed(1);
    svg.append(element("line", { class: "grid", x1: MARGIN.left, x2: width - MARGIN.right, y1: at, y2: at }));
    svg.append(element("text", { x: MARGIN.left - 8, y: Number(at) + 4, "text-anchor": "end" }, compact.format(value)));
  }
  const labels = Math.max(2, Math.min(5, Math.floor(inner.width / 90)));
  for (let k = 0; k < labels && times.length > 1; k += 1) {
    const time = first + (span * k) / (labels - 1);
    const anchor = k === 0 ? "start" : k === labels - 1 ? "end" : "middle";
    svg.append(element("text", { x: x(time).toFixed(1), y: height - 6, "text-anchor": anchor }, timeLabel(time, span)));
  }
  for (const { values: heights, kind, area } of lines) {
    const points = heights.map((value, k) => `${x(times[k]).toFixed(1)},${y(value).toFixed(1)}`);
    if (area) {
      const base = (MARGIN.top + inner.height).toFixed(1);
      svg.append(element("polygon", { class: "area", points: `${x(first).toFixed(1)},${base} ${points.join(" ")} ${x(times.at(-1)).toFixed(1)},${base}` }));
    }
    svg.append(element("polyline", { class: kind, points: points.join(" ") }));
  }
  place.replaceChildren(svg);
}
