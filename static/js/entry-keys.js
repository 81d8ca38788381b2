// From cell to cell by keyboard: Enter or ↓ to the same column of the next row that can be filled, Shift+Enter or ↑ to
// the one before; after the last row to the save button. Ctrl+S saves from wherever one is.
"use strict";

{
  const form = document.querySelector("[data-entry-form]");

  const step = (field, by) => {
    const column = [...form.querySelectorAll(`[data-column="${field.dataset.column}"]`)];
    const next = column[column.indexOf(field) + by];
    if (next !== undefined) {
      next.focus();
      if (next.select) next.select();
    } else if (by > 0) {
      form.querySelector("[data-save]").focus();
    }
  };

  // Arrows choose inside lists and move inside long texts; there only Enter leaves the cell.
  const keeps_arrows = (field) => field.matches("select, textarea");

  window.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    const save = form.querySelector("[data-save]");
    if (save === null) return;
    save.focus(); // what stands in the cell is taken over first
    form.requestSubmit(save);
  });

  form.addEventListener("keydown", (event) => {
    const field = event.target.closest("[data-column]");
    if (field === null || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const up = event.key === "ArrowUp" && !keeps_arrows(field);
    const down = event.key === "ArrowDown" && !keeps_arrows(field);
    if (event.key !== "Enter" && !up && !down) return;
    event.preventDefault();
    step(field, up || (event.key === "Enter" && event.shiftKey) ? -1 : 1);
  });
}
