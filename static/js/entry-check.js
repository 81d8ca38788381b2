// Each cell that changed is checked on the server, one after the other; the answer stands beside the cell.
"use strict";

{
  const form = document.querySelector("[data-entry-form]");
  const waiting = new Map();
  let busy = false;

  const paragraph = (text, kind) => {
    const element = document.createElement("p");
    element.className = kind;
    element.textContent = text;
    return element;
  };

  const show = (cell, answer) => {
    const row = cell.closest("[data-row]");
    const lines = answer.errors.map((text) => paragraph(text, "field-error"));
    const note = row.querySelector('[data-column="note"]').value.trim();
    if (!note) lines.push(...(answer.warnings ?? []).map((text) => paragraph(text, "doubt")));
    if (answer.label) {
      const verdict = paragraph("按此值评价：", `verdict-${answer.tone}`);
      const label = document.createElement("strong");
      label.textContent = answer.label;
      verdict.append(label);
      lines.push(verdict, paragraph(answer.reason, "small"));
    }
    row.querySelector("[data-answer]").replaceChildren(...lines);
    row.querySelector("[data-row-errors]").replaceChildren();
    cell.toggleAttribute("aria-invalid", false);
    if (answer.errors.length) cell.setAttribute("aria-invalid", "true");
  };

  const ask = async (cell) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("indicator", cell.closest("[data-row]").dataset.row);
    body.append("text", cell.value);
    try {
      const response = await fetch(form.dataset.checkUrl, { method: "POST", body });
      const is_json = (response.headers.get("Content-Type") ?? "").includes("json");
      if (is_json) return await response.json();
      return { errors: ["登录可能已失效，暂时不能核对。您填的内容已留在本浏览器中，请重新登录后打开本页继续。"] };
    } catch {
      return { errors: ["暂时连不上服务器，没有核对。您填的内容已留在本浏览器中，稍后可直接保存。"] };
    }
  };

  const work = async () => {
    if (busy) return;
    busy = true;
    while (waiting.size) {
      const [cell] = waiting.keys();
      waiting.delete(cell);
      const text = cell.value;
      const answer = await ask(cell);
      if (cell.value === text) show(cell, answer);
      else waiting.set(cell, true);
    }
    busy = false;
  };

  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-row]");
    const cell = row?.querySelector("[data-cell]");
    if (!cell || !event.target.matches('[data-cell], [data-column="note"]')) return;
    waiting.set(cell, true);
    work();
  });
}
