// Each cell that changed is checked on the server, one after the other; the answer stands beside the cell. The cells of
// the same composite indicator or of its counties are sent along: what follows from all of them stands in their rows.
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

  const verdict_of = (opening, { label, tone }) => {
    const verdict = paragraph(opening, `verdict-${tone}`);
    const strong = document.createElement("strong");
    strong.textContent = label;
    verdict.append(strong);
    return verdict;
  };

  const note_of = (row) => row.querySelector('[data-column="note"]')?.value.trim() ?? "";

  const show_composite = (answer) => {
    const lines = [verdict_of("按各分项现有数值评价：", answer), paragraph(answer.reason, "small"), paragraph(answer.missing, "small quiet")];
    form.querySelector(`#composite-${answer.row} [data-composite]`).replaceChildren(...lines);
  };

  const show_sum = ({ row, text, doubt }) => {
    const own = form.querySelector(`[data-row="${row}"]`);
    const lines = [paragraph(text, "small")];
    if (doubt && own.querySelector("[data-cell]") && !note_of(own)) lines.push(paragraph(doubt, "doubt"));
    own.querySelector("[data-sum]").replaceChildren(...lines);
  };

  const show = (cell, answer) => {
    const row = cell.closest("[data-row]");
    const lines = answer.errors.map((text) => paragraph(text, "field-error"));
    if (!note_of(row)) lines.push(...(answer.warnings ?? []).map((text) => paragraph(text, "doubt")));
    if (answer.label) lines.push(verdict_of("按此值评价：", answer), paragraph(answer.reason, "small"));
    row.querySelector("[data-answer]").replaceChildren(...lines);
    row.querySelector("[data-row-errors]").replaceChildren();
    cell.toggleAttribute("aria-invalid", false);
    if (answer.errors.length) cell.setAttribute("aria-invalid", "true");
    if (answer.composite) show_composite(answer.composite);
    if (answer.sum) show_sum(answer.sum);
  };

  const ask = async (cell) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const row = cell.closest("[data-row]");
    body.append("row", row.dataset.row);
    for (const each of form.querySelectorAll(`[data-family="${row.dataset.family}"] [data-cell]`)) body.append(each.name, each.value);
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
