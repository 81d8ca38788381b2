// While the worker is busy with an import its page asks every few seconds how far it is; the bar moves, and the page is shown anew when a step is done.
const progress = document.querySelector("[data-import-progress]");
const EVERY = 2000;

async function look() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-import-progress]");
    if (!now || now.dataset.importProgress !== progress.dataset.importProgress) {
      location.reload();
      return;
    }
    progress.querySelector("[data-import-standing]").replaceWith(now.querySelector("[data-import-standing]"));
  } catch {
    // The server cannot be reached at the moment; the next look may be luckier.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
