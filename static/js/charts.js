// Draws the charts of a page: each <div data-chart="id"> with the figure that the JSON script of that id holds.
// plotly.js is large, so it is fetched only by pages with a chart, and parsed after the page can be read.
(function () {
  "use strict";

  const CONFIG = { displayModeBar: false, displaylogo: false, responsive: true, scrollZoom: false, doubleClick: false };
  // Pixels of the paper's width within the margins of the style sheet: A4 upright and lying.
  const UPRIGHT = 690, LYING = 1015;
  // A drawing narrower than this takes the figure's layout for a phone, where it has one.
  const NARROW = 560;
  // Of a picture: its width, the room of the title above and of the source below.
  const WIDTH = 1200, ABOVE = 56, BELOW = 84;

  function figureOf(chart) {
    return JSON.parse(document.getElementById(chart.dataset.chart).textContent);
  }

  function charts() {
    return document.querySelectorAll("[data-drawn]");
  }

  // The style sheet for paper scales what still has another width than the sheet.
  function makeScalable(chart) {
    for (const svg of chart.querySelectorAll(".main-svg")) {
      svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
    }
  }

  function layoutOf(chart, figure) {
    const narrow = chart.clientWidth < NARROW && figure.narrow;
    chart.classList.toggle("is-narrow", Boolean(narrow));
    return narrow || figure.layout;
  }

  // A phone that is turned, or a window made narrower, has the other layout. Of a chart without one nothing changes.
  function turn() {
    for (const chart of charts()) {
      const figure = figureOf(chart);
      if (figure.narrow && chart.clientWidth < NARROW !== chart.classList.contains("is-narrow")) {
        window.Plotly.react(chart, figure.data, layoutOf(chart, figure), CONFIG);
      }
    }
  }

  async function draw(chart) {
    const figure = figureOf(chart);
    await window.Plotly.newPlot(chart, figure.data, layoutOf(chart, figure), CONFIG);
    makeScalable(chart);
    chart.on("plotly_afterplot", () => makeScalable(chart));
    chart.dataset.drawn = "yes";
    performance.mark("chart-drawn");
  }

  // The figure as it stands alone: white, with its title and its source.
  function picture(chart) {
    const { data, layout } = figureOf(chart);
    const margin = { ...layout.margin, t: layout.margin.t + ABOVE, b: layout.margin.b + BELOW };
    const source = {
      text: chart.dataset.source, showarrow: false, font: { size: 13 },
      xref: "paper", x: 0, xanchor: "left", yref: "paper", y: 0, yanchor: "top", yshift: 24 - margin.b,
    };
    return {
      data,
      layout: {
        ...layout, margin, width: WIDTH, height: layout.height + ABOVE + BELOW,
        paper_bgcolor: "#fff", plot_bgcolor: "#fff",
        title: { text: chart.dataset.title, font: { size: 19 }, x: 0.02, xanchor: "left", y: 0.98, yanchor: "top", yref: "container" },
        annotations: [...(layout.annotations || []), source],
      },
    };
  }

  // The reader's own machine makes the picture, nothing is sent anywhere.
  function save(button) {
    const chart = document.getElementById(button.dataset.saves);
    const figure = picture(chart);
    const { width, height } = figure.layout;
    return window.Plotly.downloadImage(figure, {
      format: button.dataset.format, filename: chart.dataset.title.replace(/[\\/:*?"<>|]/g, "_"), width, height, scale: 2,
    });
  }

  // What is drawn for the screen would be cut at the edge of the paper.
  function fitPaper() {
    const width = document.body.classList.contains("wide-print") ? LYING : UPRIGHT;
    for (const chart of charts()) window.Plotly.relayout(chart, { width });
  }

  function fitScreen() {
    for (const chart of charts()) window.Plotly.relayout(chart, { width: null, autosize: true });
  }

  async function start() {
    for (const chart of document.querySelectorAll("[data-chart]")) await draw(chart);
    for (const button of document.querySelectorAll("[data-saves]")) {
      button.hidden = false;
      button.addEventListener("click", () => save(button));
    }
    window.addEventListener("resize", turn);
    window.addEventListener("beforeprint", fitPaper);
    window.addEventListener("afterprint", fitScreen);
  }

  start();
})();
