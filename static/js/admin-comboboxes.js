// Select2 names its boxes after the chosen value only. Give each the label of its field, so that a screen reader says it.
"use strict";

function labelBoxes() {
  for (const field of document.querySelectorAll("select.admin-autocomplete[id]")) {
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    const box = field.parentElement.querySelector(".select2-selection");
    if (label === null || box === null) continue;
    const chosen = box.querySelector(".select2-selection__rendered");
    label.id = label.id || `${field.id}-label`;
    box.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
    chosen.setAttribute("aria-labelledby", label.id);
  }
}

// In jQuery's own queue, behind the admin's script that makes the boxes. Pages without boxes have no jQuery.
if (window.django && window.django.jQuery) window.django.jQuery(labelBoxes);

// The search field that opens under a box belongs to that box.
window.addEventListener("focusin", (event) => {
  if (!event.target.matches(".select2-search__field") || event.target.hasAttribute("aria-label")) return;
  event.target.setAttribute("aria-label", "输入名称或代码查找");
});
