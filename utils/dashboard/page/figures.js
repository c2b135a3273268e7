// Figures as a person reads them; a dash where there is none.

export const count = new Intl.NumberFormat("en");
export const money = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function percent(part, whole) {
  if (!whole) return "–";
  const share = part / whole;
  return share === 1 || share === 0 ? `${share * 100} %` : `${Math.min(share * 100, 99.9).toFixed(1)} %`;
}

export function duration(seconds) {
  if (seconds == null) return "–";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${(seconds / 3600).toFixed(1)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

export const bytes = (size) => (size == null ? "–" : size < 2 ** 30 ? `${Math.round(size / 2 ** 20)} MB` : `${(size / 2 ** 30).toFixed(1)} GB`);
export const fixed = (value, digits = 2) => (value == null ? "–" : value.toFixed(digits));
export const share = (value) => (value == null ? "–" : `${(value * 100).toFixed(1)} %`);
export const speed = (rate) => (rate == null ? "–" : count.format(rate < 10 ? Number(rate.toFixed(1)) : Math.round(rate)));
