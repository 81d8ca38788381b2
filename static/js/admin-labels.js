// Select2 names its boxes after the chosen value only. Give each the label of its field, so that a screen reader says
// both; in the rows of a table the field carries its label itself.
"use strict";

function labelBoxes(within) {
  for (const field of within.querySelectorAll("select.admin-autocomplete[id]")) {
    const box = field.parentElement.querySelector(".select2-selection");
    if (box === null) continue;
    const chosen = box.querySelector(".select2-selection__rendered");
    let label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    if (label === null) {
      label = box;
      label.setAttribute("aria-label", field.getAttribute("aria-label") ?? "");
    }
    label.id = label.id || `${field.id}-label`;
    box.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
    if (field.multiple) chosen.setAttribute("role", "presentation"); // its list also holds the cross that empties it
    else chosen.setAttribute("aria-labelledby", label.id);
    box.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
  }
}

// In jQuery's own queue, behind the admin's script that makes the boxes. Pages without boxes have no jQuery.
if (window.django && window.django.jQuery) window.django.jQuery(() => labelBoxes(document));
document.addEventListener("formset:added", (event) => labelBoxes(event.target));

// The search field that opens under a box belongs to that box.
window.addEventListener("focusin", (event) => {
  const field = event.target;
  if (!field.matches(".select2-search__field") || field.hasAttribute("aria-label") || field.hasAttribute("aria-labelledby")) return;
  field.setAttribute("aria-label", "输入名称或代码查找");
});
