// The matrix of duties for reviewers: a cell goes from empty to ● to ○ and back; what was changed is marked, counted and
// saved together. Until it is saved it is kept in this tab, so that a reload or an ended session loses nothing.
"use strict";

{
  const SIGNS = {
    lead: { symbol: "●", word: "牵头" },
    participating: { symbol: "○", word: "责任" },
    coordinating: { symbol: "◎", word: "统筹" },
  };
  const NEXT = { "": "lead", lead: "participating", participating: "" };

  const table = document.querySelector("[data-duty-matrix]");
  const form = document.querySelector("[data-duty-form]");
  const key = form.dataset.keepKey;
  const columns = [...table.querySelectorAll("thead [data-department]")];
  const rows = [...table.querySelectorAll("[data-indicator]")];
  const cells_of = (row) => [...row.querySelectorAll("[data-stored]")];
  const word_of = (duty) => SIGNS[duty]?.word ?? "不承担";
  const is_changed = (cell) => cell.dataset.duty !== cell.dataset.stored;

  const signs_of = (row, cell, column) => {
    const leads_instead =
      column.hasAttribute("data-coordinates") && !cells_of(row).some((each) => each.dataset.duty === "lead");
    return [leads_instead && SIGNS.coordinating, SIGNS[cell.dataset.duty]].filter(Boolean);
  };

  const element = (tag, name, text) => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  };

  const draw = (row) => {
    const indicator = row.querySelector("[data-indicator-name]").textContent;
    cells_of(row).forEach((cell, place) => {
      const signs = signs_of(row, cell, columns[place]);
      const button = cell.querySelector("button");
      const words = signs.map((sign) => sign.word).join("、") || "不承担";
      const before = is_changed(cell) ? `，已改，原为${word_of(cell.dataset.stored)}` : "";
      button.setAttribute("aria-label", `${columns[place].textContent}，${indicator}：${words}${before}`);
      button.replaceChildren(
        ...signs.flatMap((sign) => [
          element("span", sign === SIGNS.coordinating ? "duty-sign coordinating" : "duty-sign", sign.symbol),
          element("span", "duty-word", sign.word),
        ]),
      );
      cell.classList.toggle("no-duty", !signs.length && !is_changed(cell));
      cell.classList.toggle("is-changed", is_changed(cell));
    });
  };

  const changes = () =>
    rows.flatMap((row) =>
      cells_of(row).flatMap((cell, place) =>
        is_changed(cell)
          ? [{ indicator: row.dataset.indicator, department: columns[place].dataset.department, duty: cell.dataset.duty }]
          : [],
      ),
    );

  const hidden = (name, value) => {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    return field;
  };

  const tell = () => {
    const made = changes();
    const touched = rows.filter((row) => cells_of(row).some(is_changed));
    form.hidden = made.length === 0;
    const words = made.length ? `已改 ${made.length} 项，涉及 ${touched.length} 个指标` : "";
    form.querySelector("[data-duty-count]").textContent = words;
    document.querySelector("[data-duty-status]").textContent = words; // there all the time, so that it is read out
    form
      .querySelector("[data-duty-fields]")
      .replaceChildren(
        ...made.map((each) => hidden("change", `${each.indicator}:${each.department}:${each.duty}`)),
        ...touched.map((row) => hidden("seen", `${row.dataset.indicator}:${row.dataset.seen}`)),
      );
    try {
      if (made.length) {
        const seen = Object.fromEntries(touched.map((row) => [row.dataset.indicator, row.dataset.seen]));
        sessionStorage.setItem(key, JSON.stringify({ made, seen }));
      } else {
        sessionStorage.removeItem(key);
      }
    } catch {
      // Without storage the matrix works, it only keeps nothing.
    }
  };

  const turn = (cell, duty) => {
    cell.dataset.duty = duty;
    draw(cell.parentElement);
  };

  // Brings back what was changed in this tab, unless the indicator's departments changed meanwhile.
  const restore = () => {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(key));
    } catch {
      // Nothing can be brought back.
    }
    if (!kept || changes().length) return;
    let lost = 0;
    for (const { indicator, department, duty } of kept.made) {
      const row = rows.find((each) => each.dataset.indicator === indicator);
      const place = columns.findIndex((column) => column.dataset.department === department);
      const cell = row && cells_of(row)[place];
      if (cell?.dataset.stored === duty) continue; // saved, by this person or by another
      if (cell && row.dataset.seen === kept.seen[indicator]) turn(cell, duty);
      else lost += 1;
    }
    const restored = changes().length;
    if (!restored && !lost) return;
    const notice = document.querySelector("[data-duty-restored]");
    notice.textContent =
      (restored ? `已恢复上次没有保存的 ${restored} 项改动，请核对后保存。` : "") +
      (lost ? `另有 ${lost} 项没有恢复：该指标的分工已经变动，或者该部门没有列出，请重新点选。` : "");
    notice.hidden = false;
  };

  // One cell of the table takes part in the order of the Tab key; arrows lead to the others.
  const enter = (button) => {
    for (const each of table.querySelectorAll(".duty-button[tabindex='0']")) each.tabIndex = -1;
    button.tabIndex = 0;
  };

  const step = (button, down, right) => {
    const cell = button.parentElement;
    const row = rows[rows.indexOf(cell.parentElement) + down];
    const next = row && cells_of(row)[cells_of(cell.parentElement).indexOf(cell) + right];
    next?.querySelector("button").focus();
  };

  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  for (const row of rows) {
    for (const cell of cells_of(row)) {
      const button = element("button", "duty-button", "");
      button.type = "button";
      button.tabIndex = -1;
      cell.replaceChildren(button);
    }
    draw(row);
  }
  table.classList.add("is-live");
  const first = table.querySelector(".duty-button");
  if (first) first.tabIndex = 0;
  document.querySelector("[data-duty-help]").hidden = !first;

  table.addEventListener("focusin", (event) => {
    const button = event.target.closest(".duty-button");
    if (button) enter(button);
  });
  table.addEventListener("click", (event) => {
    const button = event.target.closest(".duty-button");
    if (!button) return;
    turn(button.parentElement, NEXT[button.parentElement.dataset.duty]);
    tell();
  });
  table.addEventListener("keydown", (event) => {
    const button = event.target.closest(".duty-button");
    const by = STEPS[event.key];
    if (!button || !by || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    step(button, ...by);
  });
  form.querySelector("[data-duty-discard]").addEventListener("click", () => {
    for (const row of rows) for (const cell of cells_of(row)) if (is_changed(cell)) turn(cell, cell.dataset.stored);
    tell();
    for (const error of document.querySelectorAll(".form-error, .duty-matrix .field-error, .duty-bar .errorlist")) error.remove();
    (table.querySelector(".duty-button[tabindex='0']") ?? table).focus();
  });
  restore();
  tell();
}
