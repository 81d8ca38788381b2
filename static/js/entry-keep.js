// What was typed and not saved is kept in this tab, so that an ended session or a closed tab loses nothing. It comes
// back only into rows that nobody changed meanwhile; what cannot come back is shown.
"use strict";

{
  const form = document.querySelector("[data-entry-form]");
  const notice = document.querySelector("[data-entry-notice]");
  const counter = document.querySelector("[data-unsaved-count]");
  const store = keptUnder(form.dataset.keepKey);
  const fields_of = (row) => [...row.querySelectorAll("[data-column]")];

  const kept = store.read() ?? {};

  const stored_text = (field) => {
    if (field.tagName !== "SELECT") return field.defaultValue;
    return [...field.options].find((option) => option.defaultSelected)?.value ?? "";
  };

  const write = () => {
    store.write(kept);
    const count = Object.keys(kept).length;
    if (counter) counter.textContent = count ? `${count} 行有未保存的内容` : "";
    for (const row of form.querySelectorAll("[data-row]")) row.querySelector("[data-unsaved]").hidden = !(row.dataset.row in kept);
  };

  const keep = (row) => {
    const fields = fields_of(row);
    const changed = row.dataset.refused || fields.some((field) => field.value !== stored_text(field));
    if (changed) {
      kept[row.dataset.row] = {
        revision: row.dataset.revision,
        name: row.dataset.name,
        texts: Object.fromEntries(fields.map((field) => [field.dataset.column, field.value])),
      };
    } else {
      delete kept[row.dataset.row];
    }
  };

  const restore = (row, texts) => {
    let changed = false;
    for (const field of fields_of(row)) {
      const text = texts[field.dataset.column];
      if (text === undefined || field.value === text) continue;
      field.value = text;
      changed = true;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return changed;
  };

  const tell = (restored, lost) => {
    if (!restored && !lost.length) return;
    const message = document.createElement("div");
    message.className = "message";
    const add = (tag, text, parent) => {
      const element = document.createElement(tag);
      element.textContent = text;
      parent.append(element);
      return element;
    };
    if (restored) add("p", `已恢复您上次填写、尚未保存的 ${restored} 行，请核对后保存。`, message);
    if (lost.length) {
      add("p", "以下各行在您离开后有了变动，没有恢复，请核对后重新填写：", message);
      const list = add("ul", "", message);
      for (const { name, texts } of lost) add("li", `${name}：您填的是 ${texts.value || "（空白）"}`, list);
    }
    notice.append(message);
  };

  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (row === null) return;
    keep(row);
    write();
  });

  window.addEventListener("DOMContentLoaded", () => {
    for (const pk of form.dataset.saved.split(" ").filter(Boolean)) delete kept[pk];
    let restored = 0;
    const lost = [];
    for (const [pk, { revision, name, texts }] of Object.entries(kept)) {
      const row = form.querySelector(`[data-row="${CSS.escape(pk)}"]`);
      if (row !== null && row.dataset.revision === revision && row.querySelector("[data-cell]")) {
        if (restore(row, texts)) restored += 1;
      } else {
        lost.push({ name, texts });
        delete kept[pk];
      }
    }
    for (const row of form.querySelectorAll("[data-refused]")) if (row.querySelector("[data-cell]")) keep(row);
    write();
    tell(restored, lost);
  });
}
