"use strict";
// The page is complete without this: it adds sorting of tables and filtering of tasks.

// A cell as something to sort by: "1,234", "5.32 M", "3/5", "< 0.001" are numbers, "—" and nothing come last.
function sortable(text) {
  const plain = text.replace(/[,<✓]/g, "").trim();
  if (plain === "" || plain === "—") return null;
  const parts = /^(-?[\d.]+)(?:\/(\d+)|\s?([kMGT])(?![a-zA-Z]))?/.exec(plain);
  if (!parts) return text.toLowerCase();
  const number = parseFloat(parts[1]);
  if (parts[2]) return number / parseFloat(parts[2]);
  return number * (parts[3] ? 1000 ** ("kMGT".indexOf(parts[3]) + 1) : 1);
}

function compare(a, b) {
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === "number" ? -1 : 1;
}

function sort(table, column, descending) {
  const body = table.tBodies[0];
  const head = table.tHead.rows[0].cells;
  const words = !head[column].classList.contains("n");
  const keyed = Array.from(body.rows, (row, place) => {
    const text = row.cells[column].textContent;
    return { row, place, key: words ? text.toLowerCase() || null : sortable(text) };
  });
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.place - b.place;
    return (descending ? compare(b.key, a.key) : compare(a.key, b.key)) || a.place - b.place;
  });
  body.append(...keyed.map((one) => one.row));
  for (const cell of head) cell.removeAttribute("aria-sort");
  head[column].setAttribute("aria-sort", descending ? "descending" : "ascending");
}

for (const table of document.querySelectorAll("table.sort")) {
  Array.from(table.tHead.rows[0].cells).forEach((cell, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => sort(table, column, cell.getAttribute("aria-sort") === "ascending"));
  });
}

const form = document.getElementById("filter");
if (form) {
  const status = document.getElementById("shown");
  const suites = Array.from(document.querySelectorAll("details.suite"), (details) => {
    const rows = Array.from(details.querySelector("tbody").rows);
    const byTask = new Map();
    for (const row of rows) {
      const task = row.cells[0].textContent;
      byTask.set(task, (byTask.get(task) || new Set()).add(row.className));
    }
    return { details, rows, byTask, wasOpen: details.open, note: details.querySelector("summary span"), texts: null };
  });
  const all = suites.reduce((sum, suite) => sum + suite.rows.length, 0);

  function apply() {
    const text = form.text.value.trim().toLowerCase();
    const configuration = form.configuration ? form.configuration.value : "";
    const result = form.result.value;
    const differing = form.differing ? form.differing.checked : false;
    const active = Boolean(text || configuration || result || differing);
    let total = 0;
    for (const suite of suites) {
      if (text && !suite.texts) {
        const own = suite.details.querySelector("summary b").textContent;
        suite.texts = suite.rows.map((row) => `${own} ${row.textContent}`.toLowerCase());
      }
      let shown = 0;
      suite.rows.forEach((row, place) => {
        const stop = row.querySelector(".r").textContent;
        const right = row.querySelector(".h");
        const visible =
          (!text || suite.texts[place].includes(text)) &&
          (!configuration || row.querySelector(".c").textContent === configuration) &&
          (!result ||
            (result === "?" ? row.className === "f" : result === "!" ? right && right.textContent && sortable(right.textContent) < 1 : stop === result)) &&
          (!differing || suite.byTask.get(row.cells[0].textContent).size > 1);
        row.hidden = !visible;
        shown += visible;
      });
      total += shown;
      suite.details.hidden = active && shown === 0;
      suite.details.open = active ? shown > 0 : suite.wasOpen;
      suite.note.textContent = active ? `${shown.toLocaleString("en")} of ${suite.rows.length.toLocaleString("en")} rows` : "";
    }
    status.textContent = active ? `${total.toLocaleString("en")} of ${all.toLocaleString("en")} rows` : "";
  }

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply, 0));
  form.hidden = false;

  for (const link of document.querySelectorAll("a[data-task]")) {
    link.addEventListener("click", () => {
      form.reset();
      form.text.value = link.dataset.task;
      apply();
    });
  }
}
