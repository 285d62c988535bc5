"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = theme => root.setAttribute("data-theme", theme);
  show(dark.matches ? "dark" : "light");
  dark.addEventListener("change", e => show(e.matches ? "dark" : "light"));
  document.getElementById("theme").addEventListener("click", () =>
    show(root.getAttribute("data-theme") === "dark" ? "light" : "dark"));

  const tip = document.getElementById("tip");
  document.addEventListener("pointermove", e => {
    const of = e.target.closest && e.target.closest("[data-tip]");
    tip.style.opacity = of ? 1 : 0;
    if (!of) return;
    tip.textContent = of.getAttribute("data-tip");
    const x = Math.min(e.clientX + 14, innerWidth - tip.offsetWidth - 8);
    const below = e.clientY + 18;
    const y = below + tip.offsetHeight > innerHeight ? e.clientY - tip.offsetHeight - 12 : below;
    tip.style.left = x + "px";
    tip.style.top = y + "px";
  });

  const body = document.querySelector("tbody");
  const rows = [...body.rows];
  const heads = [...document.querySelectorAll("thead th")];
  const value = (row, column) => {
    const cell = row.cells[column];
    const number = cell.getAttribute("data-value");
    return number === null ? cell.textContent : Number(number);
  };
  heads.forEach((head, column) => head.addEventListener("click", () => {
    const numeric = head.classList.contains("num");
    const down = head.getAttribute("aria-sort") === (numeric ? "ascending" : "descending") ? !numeric : numeric;
    const sign = down ? -1 : 1;
    heads.forEach(h => h.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows.sort((a, b) => {
      const x = value(a, column), y = value(b, column);
      if (numeric) {
        // Where there is no number the row goes last.
        if (typeof x !== "number" || typeof y !== "number") return (typeof x !== "number") - (typeof y !== "number");
        return sign * (x - y);
      }
      return sign * x.localeCompare(y, "en", { numeric: true });
    });
    body.append(...rows);
  }));

  document.getElementById("filter").addEventListener("input", e => {
    const words = e.target.value.toLowerCase().split(/\s+/);
    rows.forEach(row => row.hidden = !words.every(w => row.textContent.toLowerCase().includes(w)));
  });
})();
