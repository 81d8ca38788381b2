// One box that chooses all values of the queue, leaving out what the person submitted; hidden without JavaScript.
"use strict";

for (const all of document.querySelectorAll("[data-choose-all]")) {
  const boxes = all.form.querySelectorAll('input[name="value"]:not([data-own])');
  all.closest(".choose-all").hidden = boxes.length === 0;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
}
