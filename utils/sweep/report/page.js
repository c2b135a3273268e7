"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const settings = { displaylogo: false, displayModeBar: false, responsive: true };

  function theme() {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    return { ink: color("--ink"), soft: color("--soft"), line: color("--line"), accent: color("--accent") };
  }

  // Charts come without colours: those of the page are put in here, again when the scheme changes.
  function themed(layout) {
    const { ink, soft, line, accent } = theme();
    const result = {
      ...layout,
      template: undefined,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: ink, size: 12, family: "system-ui, sans-serif" },
      colorway: [accent, soft, "#c2533f"],
    };
    for (const axis of ["xaxis", "yaxis", "yaxis2"]) {
      result[axis] = { ...layout[axis], gridcolor: line, zerolinecolor: line, linecolor: line };
    }
    if (!layout.yaxis2) delete result.yaxis2;
    result.shapes = (layout.shapes || []).map((shape) => ({ ...shape, line: { ...shape.line, color: soft } }));
    return result;
  }

  function draw() {
    for (const place of document.querySelectorAll("[data-chart]")) {
      const chart = data.charts[place.dataset.chart];
      if (!chart) continue;
      const layout = themed(chart.layout);
      if (place.dataset.chart === "parallel") { delete layout.xaxis; delete layout.yaxis; }
      Plotly.react(place, chart.data, layout, settings);
    }
    if (metricSelect) drawMap();
  }

  // A search has no map: its trials lie on no grid.
  const metricSelect = document.getElementById("map-metric");
  const pairSelect = document.getElementById("map-pair");
  const kindSelect = document.getElementById("map-kind");
  const { names, labels, metrics } = data.heatmaps;
  metrics.forEach((metric, index) => metricSelect.add(new Option(metric.heading, index)));
  if (metricSelect) metrics[0].pairs.forEach((pair, index) => pairSelect.add(new Option(`${names[pair.rows]} × ${names[pair.columns]}`, index)));

  function drawMap() {
    const metric = metrics[metricSelect.value];
    const pair = metric.pairs[pairSelect.value];
    if (!pair) return;
    const format = metric.format;
    const layout = themed({
      height: 360,
      margin: { l: 90, r: 16, t: 8, b: 48 },
      xaxis: { title: { text: names[pair.columns] }, type: "category" },
      yaxis: { title: { text: names[pair.rows] }, type: "category" },
    });
    Plotly.react("map", [{
      type: "heatmap", x: labels[pair.columns], y: labels[pair.rows], z: pair[kindSelect.value],
      colorscale: "Viridis", reversescale: metric.reverse, texttemplate: `%{z:${format}}`, xgap: 2, ygap: 2,
      hovertemplate: `${names[pair.rows]} %{y}, ${names[pair.columns]} %{x}: %{z:${format}}<extra></extra>`,
      colorbar: { thickness: 10, tickformat: format },
    }], layout, settings);
  }

  for (const select of [metricSelect, pairSelect, kindSelect]) select?.addEventListener("change", drawMap);
  dark.addEventListener("change", draw);
  draw();
})();
