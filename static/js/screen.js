// The big screen shows one panel after the other. Without this script, and in print, all stand below each other.
// Space or the button stops it; the arrows turn the page. Every few minutes the figures are fetched anew, and the wall
// goes on where it was, stopped if it was stopped.
(function () {
  "use strict";

  const SECONDS = 15;
  const MINUTES_TO_RELOAD = 5;
  const board = document.querySelector("[data-panels]");
  const panels = [...board.querySelectorAll(".panel")];
  const button = document.querySelector("[data-pause]");
  const place = document.querySelector("[data-place]");
  const KEPT = "screen";
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

  // What the page before this one left when it fetched the figures anew; nothing for who comes from elsewhere.
  function kept() {
    const state = JSON.parse(sessionStorage.getItem(KEPT) || "{}");
    sessionStorage.removeItem(KEPT);
    const panel = panels.findIndex((each) => each.getAttribute("aria-labelledby") === state.panel);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    return { panel: Math.max(panel, 0), stopped: state.stopped ?? still };
  }

  function renew() {
    const state = { panel: panels[shown].getAttribute("aria-labelledby"), stopped: timer === null };
    sessionStorage.setItem(KEPT, JSON.stringify(state));
    window.location.reload();
  }

  board.classList.add("rotating");
  button.hidden = false;
  const before = kept();
  show(before.panel);
  run(!before.stopped);
  button.addEventListener("click", () => run(timer === null));
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(shown + 1);
    if (event.key === "ArrowLeft") show(shown - 1);
    if (event.key === " " && !event.target.closest("a, button")) {
      event.preventDefault();
      run(timer === null);
    }
  });
  setTimeout(renew, MINUTES_TO_RELOAD * 60 * 1000);
})();
