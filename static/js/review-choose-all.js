// One box that chooses everything in the queue, leaving out what the person submitted; hidden without JavaScript.
"use strict";

for (const all of document.querySelectorAll("[data-choose-all]")) {
  const boxes = all.form.querySelectorAll('input[type="checkbox"]:not([data-choose-all], [data-own])');
  all.closest(".choose-all").hidden = boxes.length === 0;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
}
