// The big screen shows one panel after the other. Without this script, and in print, all stand below each other.
// Space or the button stops it; the arrows turn the page. Every few minutes the figures are fetched anew.
(function () {
  "use strict";

  const SECONDS = 15;
  const MINUTES_TO_RELOAD = 5;
  const board = document.querySelector("[data-panels]");
  const panels = [...board.querySelectorAll(".panel")];
  const button = document.querySelector("[data-pause]");
  const place = document.querySelector("[data-place]");
  let shown = 0;
  let timer = null;

  function show(number) {
    shown = (number + panels.length) % panels.length;
    panels.forEach((panel, index) => panel.classList.toggle("is-shown", index === shown));
    place.textContent = `第 ${shown + 1} 屏，共 ${panels.length} 屏`;
  }

  function run(going) {
    clearInterval(timer);
    timer = going ? setInterval(() => show(shown + 1), SECONDS * 1000) : null;
    button.textContent = going ? "暂停轮播" : "继续轮播";
    button.setAttribute("aria-pressed", String(!going));
  }

  board.classList.add("rotating");
  button.hidden = false;
  show(0);
  run(!window.matchMedia("(prefers-reduced-motion: reduce)").matches);
  button.addEventListener("click", () => run(timer === null));
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(shown + 1);
    if (event.key === "ArrowLeft") show(shown - 1);
    if (event.key === " " && event.target === document.body) {
      event.preventDefault();
      run(timer === null);
    }
  });
  setTimeout(() => window.location.reload(), MINUTES_TO_RELOAD * 60 * 1000);
})();
