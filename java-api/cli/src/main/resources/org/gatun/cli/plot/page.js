"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = theme => root.setAttribute("data-theme", theme);
  show(dark.matches ? "dark" : "light");
  dark.addEventListener("change", e => show(e.matches ? "dark" : "light"));
  document.getElementById("theme").addEventListener("click", () =>
    show(root.getAttribute("data-theme") === "dark" ? "light" : "dark"));

  const text = value => value.toFixed(3).replace("-", "\u2212");
  for (const card of document.querySelectorAll(".card")) {
    const chart = card.querySelector(".chart");
    const output = card.querySelector("output");
    const numbers = (element, name) => element.getAttribute("data-" + name).split(" ").map(Number);
    const [left, right, top, bottom] = numbers(chart, "box");
    const [least, largest, low, high] = numbers(chart, "range");
    const f = numbers(card, "f");
    const d = numbers(card, "d");
    const y = value => top + (high - value) / (high - low) * (bottom - top);
    const part = (name, value) => {
      const span = document.createElement("b");
      span.className = name;
      span.textContent = value;
      return span;
    };
    chart.addEventListener("pointermove", e => {
      const box = chart.getBoundingClientRect();
      const at = (e.clientX - box.left) / box.width * chart.viewBox.baseVal.width;
      const share = Math.min(1, Math.max(0, (at - left) / (right - left)));
      const i = Math.round(share * (f.length - 1));
      const across = left + i / (f.length - 1) * (right - left);
      chart.querySelector(".cross path").setAttribute("transform", "translate(" + across + " 0)");
      for (const [name, values] of [["f", f], ["d", d]]) {
        const dot = chart.querySelector("circle." + name);
        dot.setAttribute("cx", across);
        dot.setAttribute("cy", y(values[i]));
      }
      const x = least + i / (f.length - 1) * (largest - least);
      output.replaceChildren("x = " + text(x) + "\u2003", part("f", "f = " + text(f[i])), "\u2003",
        part("d", "f\u2032 = " + text(d[i])));
      chart.classList.add("over");
    });
    chart.addEventListener("pointerleave", () => {
      chart.classList.remove("over");
      output.textContent = "\u00a0";
    });
  }
})();
