// A column copied from Excel or WPS, pasted into a cell, fills the cells below it: one line per row of the sheet, also
// for rows that cannot be filled, whose line is left out. Of several columns only the first is taken.
"use strict";

{
  const form = document.querySelector("[data-entry-form]");
  const notice = document.querySelector("[data-entry-notice]");
  const plain = (text) => text.normalize("NFKC").replace(/\s/g, "");

  const lines_of = (text) => {
    const lines = text.replace(/(\r\n|\n|\r)$/, "").split(/\r\n|\n|\r/);
    if (lines.length === 1) return { texts: lines[0].split("\t"), further: false };
    return { texts: lines.map((line) => line.split("\t")[0]), further: lines.some((line) => plain(line.split("\t").slice(1).join(""))) };
  };

  const fill = (cell, text) => {
    if (cell.tagName === "SELECT") {
      const offer = [...cell.options].find((option) => option.value && [plain(option.value), plain(option.text), plain(option.text).replace("类", "")].includes(plain(text)));
      if (offer === undefined) return false;
      cell.value = offer.value;
    } else {
      cell.value = text.trim();
    }
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    cell.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };

  const tell = (counts) => {
    const sentences = [`已填入 ${counts.filled} 格，尚未保存。`];
    if (counts.locked) sentences.push(`${counts.locked} 行已锁定或不由您填报，没有改动。`);
    if (counts.unknown) sentences.push(`${counts.unknown} 格的内容不在可选范围内，没有填入。`);
    if (counts.outside) sentences.push(`${counts.outside} 行超出表格末尾，没有填入。`);
    if (counts.further) sentences.push("只取了第一列，其余各列没有填入。");
    const paragraph = document.createElement("p");
    paragraph.className = "message";
    paragraph.textContent = sentences.join("");
    notice.replaceChildren(paragraph);
  };

  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-cell]");
    const text = event.clipboardData.getData("text/plain");
    if (cell === null || !/[\t\r\n]/.test(text.trim())) return;
    event.preventDefault();
    const rows = [...form.querySelectorAll("[data-row]")];
    const first = rows.indexOf(cell.closest("[data-row]"));
    const { texts, further } = lines_of(text);
    const counts = { filled: 0, locked: 0, unknown: 0, outside: 0, further };
    texts.forEach((line, offset) => {
      if (!plain(line)) return;
      const row = rows[first + offset];
      const target = row?.querySelector("[data-cell]");
      if (row === undefined) counts.outside += 1;
      else if (!target) counts.locked += 1;
      else if (fill(target, line)) counts.filled += 1;
      else counts.unknown += 1;
    });
    tell(counts);
  });
}
