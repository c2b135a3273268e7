"use strict";
(() => {
  const place = document.getElementById("chart");
  if (!place) return;
  const chart = JSON.parse(document.getElementById("data").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  function draw() {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const layout = {
      ...chart.layout,
      template: undefined,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: color("--ink"), size: 12, family: "system-ui, sans-serif" },
      colorway: [color("--accent"), color("--ink"), color("--bad")],
    };
    for (const axis of ["xaxis", "yaxis", "yaxis2"]) {
      layout[axis] = { ...chart.layout[axis], gridcolor: color("--line"), zerolinecolor: color("--line") };
    }
    Plotly.react(place, chart.data, layout, { displaylogo: false, displayModeBar: false, responsive: true });
  }
  dark.addEventListener("change", draw);
  draw();
})();
