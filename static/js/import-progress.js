// While the worker is busy with an import its page asks every few seconds how far it is, and is shown anew when that changed.
const progress = document.querySelector("[data-import-progress]");

async function look() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-import-progress]");
    if (!now || now.dataset.importProgress !== progress.dataset.importProgress) {
      location.reload();
      return;
    }
  } catch {
    // The server cannot be reached at the moment; the next look may be luckier.
  }
  setTimeout(look, 3000);
}

setTimeout(look, 3000);
