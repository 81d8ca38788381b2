// A form that lives only in what is sent from step to step is kept as a whole in this tab. When the session ended it
// is offered again on the page where the steps begin.
"use strict";

{
  const form = document.querySelector("form[data-keep-key]");
  if (form) {
    const kept = keptUnder(form.dataset.keepKey);
    const token = "csrfmiddlewaretoken";
    const keep = () => kept.write([...new FormData(form)].filter(([name]) => name !== token));
    let soon;
    form.addEventListener("input", () => {
      clearTimeout(soon);
      soon = setTimeout(keep, 300);
    });
    form.addEventListener("submit", keep);
    window.addEventListener("pagehide", keep);
    keep();
  }

  const offer = document.querySelector("[data-kept-offer]");
  if (offer) {
    const kept = keptUnder(offer.dataset.keptOffer);
    const fields = kept.read() ?? [];
    const value_of = (wanted) => fields.find(([name]) => name === wanted)?.[1] ?? "";
    if (offer.dataset.saved.split(" ").includes(value_of(offer.dataset.identity))) {
      kept.forget();
    } else if (fields.length) {
      offer.querySelector("[data-kept-title]").textContent = value_of("title") || "未填名称";
      offer.hidden = false;
    }
    offer.querySelector("form").addEventListener("submit", (event) => {
      for (const [name, value] of fields) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value });
        event.target.append(field);
      }
    });
    offer.querySelector("[data-kept-forget]").addEventListener("click", () => {
      kept.forget();
      offer.hidden = true;
    });
  }
}
