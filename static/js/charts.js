// Draws the charts of a page: each <div data-chart="id"> with the figure that the JSON script of that id holds.
// plotly.js is large, so it is fetched only by pages with a chart, and parsed after the page can be read.
(function () {
  "use strict";

  const CONFIG = { displayModeBar: false, displaylogo: false, responsive: true, scrollZoom: false, doubleClick: false };

  function figureOf(chart) {
    return JSON.parse(document.getElementById(chart.dataset.chart).textContent);
  }

  // Lets the style sheet for paper scale the drawing, whose size is that of the screen.
  function makeScalable(chart) {
    for (const svg of chart.querySelectorAll(".main-svg")) {
      svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
    }
  }

  async function draw(chart) {
    const figure = figureOf(chart);
    await window.Plotly.newPlot(chart, figure.data, figure.layout, CONFIG);
    makeScalable(chart);
    chart.on("plotly_afterplot", () => makeScalable(chart));
    chart.dataset.drawn = "yes";
    performance.mark("chart-drawn");
  }

  // A picture for a report: the reader's own machine makes it, nothing is sent anywhere.
  function save(button) {
    const chart = document.getElementById(button.dataset.saves);
    return window.Plotly.downloadImage(chart, {
      format: button.dataset.format, filename: button.dataset.name, width: 1200, height: 600, scale: 2,
    });
  }

  async function start() {
    for (const chart of document.querySelectorAll("[data-chart]")) await draw(chart);
    for (const button of document.querySelectorAll("[data-saves]")) {
      button.hidden = false;
      button.addEventListener("click", () => save(button));
    }
  }

  start();
})();
