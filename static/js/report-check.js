// When a figure or the status of a report changed, the server says what is wrong and which verdict would follow; nothing
// is stored. Errors stand at their fields, the verdict under the table.
"use strict";

{
  const form = document.querySelector("[data-report-form]");
  const place = form.querySelector("[data-verdict]");
  let asked = 0;

  const paragraph = (text, kind) => {
    const element = document.createElement("p");
    element.className = kind;
    element.textContent = text;
    return element;
  };

  const show_errors = (errors) => {
    for (const row of form.querySelectorAll("[data-row]")) {
      const field = row.querySelector("[data-cell]");
      const texts = field.value ? (errors[row.dataset.row] ?? []) : [];
      row.querySelector("[data-row-errors]").replaceChildren(...texts.map((text) => paragraph(text, "field-error")));
      field.toggleAttribute("aria-invalid", false);
      if (texts.length) field.setAttribute("aria-invalid", "true");
    }
  };

  const show_parts = (parts) => {
    for (const cell of form.querySelectorAll("[data-part]")) {
      const { share, label } = parts[cell.dataset.part];
      const strong = document.createElement("strong");
      strong.textContent = label;
      cell.replaceChildren(share ? `${share} ` : "—", strong);
    }
  };

  const show_verdict = ({ label, tone, reason, doubts }) => {
    const lines = doubts.map((text) => paragraph(text, "doubt"));
    if (label) {
      const verdict = paragraph("按这份报告评价：", `verdict-${tone}`);
      const strong = document.createElement("strong");
      strong.textContent = label;
      verdict.append(strong);
      lines.unshift(verdict, paragraph(reason, "small"));
    }
    place.replaceChildren(...lines);
  };

  form.addEventListener("change", async () => {
    asked += 1;
    const mine = asked;
    const body = new FormData(form);
    body.set("action", "check");
    try {
      const response = await fetch(form.getAttribute("action"), { method: "POST", body });
      if (mine !== asked) return;
      if (!(response.headers.get("Content-Type") ?? "").includes("json")) throw new Error("signed out");
      const answer = await response.json();
      show_errors(answer.errors);
      show_parts(answer.parts);
      show_verdict(answer);
    } catch {
      place.replaceChildren(paragraph("暂时不能试算，可能登录已失效或网络不通。您填的内容已留在本浏览器中，稍后可重新登录后打开本页继续。", "doubt"));
    }
  });
}
