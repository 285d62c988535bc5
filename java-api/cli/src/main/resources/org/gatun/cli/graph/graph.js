"use strict";
(() => {
  const root = document.documentElement;
  const byId = id => document.getElementById(id);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = theme => { root.setAttribute("data-theme", theme); drawMap(); };
  const graphs = JSON.parse(byId("data").textContent);
  const canvas = byId("canvas");
  const view = byId("view");
  const map = byId("map");
  const panel = byId("panel");
  let current = null;
  let chosen = -1;
  let hits = [];
  let hit = -1;

  // The graphs, each with its elements and its own place on the canvas.
  for (const graph of graphs) {
    graph.element = byId(graph.id);
    graph.width = Number(graph.element.dataset.width);
    graph.height = Number(graph.element.dataset.height);
    graph.nodes_ = [...graph.element.querySelectorAll(".n")];
    graph.rects = graph.nodes_.map(node => {
      const [x, y] = node.getAttribute("transform").slice(10, -1).split(" ").map(Number);
      const rect = node.firstChild;
      return { x, y, w: Number(rect.getAttribute("width")), h: Number(rect.getAttribute("height")) };
    });
    graph.edges = new Map([...graph.element.querySelectorAll(".e")].map(e => [Number(e.dataset.f), e]));
    graph.readers = graph.boxes.map(() => []);
    graph.boxes.forEach((box, i) => (box.inputs || []).forEach(input => {
      if (input[3] >= 0) graph.readers[input[3]].push(i);
    }));
    graph.texts = graph.boxes.map((box, i) => [box.op, box.name, box.domain,
      ...(box.inputs || []).flat(), ...(box.outputs || []).flat(),
      graph.nodes_[i].textContent].join(" ").toLowerCase());
  }

  // Pan and zoom.
  const move = () => {
    const { x, y, scale } = current.place;
    view.setAttribute("transform", "translate(" + x + " " + y + ") scale(" + scale + ")");
    drawMap();
  };
  const zoom = (factor, cx, cy) => {
    const place = current.place;
    const scale = Math.min(4, Math.max(0.004, place.scale * factor));
    place.x = cx - (cx - place.x) * scale / place.scale;
    place.y = cy - (cy - place.y) * scale / place.scale;
    place.scale = scale;
    move();
  };
  const middle = () => [canvas.clientWidth / 2, canvas.clientHeight / 2];
  const fit = () => {
    const scale = Math.min(1, canvas.clientWidth / current.width, canvas.clientHeight / current.height);
    current.place = { scale, x: (canvas.clientWidth - current.width * scale) / 2, y: (canvas.clientHeight - current.height * scale) / 2 };
    move();
  };
  const start = graph => {
    const scale = Math.max(0.55, Math.min(1, canvas.clientWidth / graph.width));
    const first = graph.rects[0] || { x: 0, w: 0 };
    graph.place = { scale, x: canvas.clientWidth / 2 - (first.x + first.w / 2) * scale, y: 0 };
  };
  const centre = index => {
    const box = current.rects[index];
    const place = current.place;
    place.scale = Math.max(place.scale, 0.7);
    place.x = canvas.clientWidth / 2 - (box.x + box.w / 2) * place.scale;
    place.y = canvas.clientHeight / 2 - (box.y + box.h / 2) * place.scale;
    move();
  };
  canvas.addEventListener("wheel", e => {
    e.preventDefault();
    if (e.ctrlKey || e.metaKey) {
      zoom(Math.exp(-e.deltaY * 0.01), e.offsetX, e.offsetY);
    } else {
      current.place.x -= e.shiftKey ? e.deltaY : e.deltaX;
      current.place.y -= e.shiftKey ? 0 : e.deltaY;
      move();
    }
  }, { passive: false });
  const pointers = new Map();
  let moved = 0;
  let pressed = null;
  canvas.addEventListener("pointerdown", e => {
    pointers.set(e.pointerId, e);
    moved = 0;
    pressed = e.target.closest(".n");
    canvas.setPointerCapture(e.pointerId);
    canvas.classList.add("drag");
  });
  canvas.addEventListener("pointermove", e => {
    const before = pointers.get(e.pointerId);
    if (!before) return;
    pointers.set(e.pointerId, e);
    moved += Math.abs(e.clientX - before.clientX) + Math.abs(e.clientY - before.clientY);
    if (pointers.size === 2) {
      const other = [...pointers].find(p => p[0] !== e.pointerId)[1];
      const distance = p => Math.hypot(p.clientX - other.clientX, p.clientY - other.clientY);
      zoom(distance(e) / Math.max(1, distance(before)), (e.offsetX + other.offsetX) / 2, (e.offsetY + other.offsetY) / 2);
    } else {
      current.place.x += e.clientX - before.clientX;
      current.place.y += e.clientY - before.clientY;
      move();
    }
  });
  const release = e => {
    if (!pointers.delete(e.pointerId)) return;
    canvas.classList.toggle("drag", pointers.size > 0);
    if (e.type === "pointerup" && moved < 5) choose(pressed ? Number(pressed.dataset.i) : -1);
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("dblclick", e => zoom(1.8, e.offsetX, e.offsetY));
  canvas.addEventListener("keydown", e => {
    const step = { ArrowUp: [0, 80], ArrowDown: [0, -80], ArrowLeft: [80, 0], ArrowRight: [-80, 0] }[e.key];
    if (step) { current.place.x += step[0]; current.place.y += step[1]; move(); e.preventDefault(); }
    if (e.key === "+") zoom(1.3, ...middle());
    if (e.key === "-") zoom(1 / 1.3, ...middle());
    if (e.key === "0") fit();
    if (e.key === "Escape") choose(-1);
  });
  byId("in").addEventListener("click", () => zoom(1.4, ...middle()));
  byId("out").addEventListener("click", () => zoom(1 / 1.4, ...middle()));
  byId("fit").addEventListener("click", fit);
  byId("theme").addEventListener("click", () => paint(root.getAttribute("data-theme") === "dark" ? "light" : "dark"));
  addEventListener("resize", () => drawMap());

  // The map of the whole, at the side.
  function drawMap() {
    if (!current || !current.place) return;
    const style = getComputedStyle(root);
    const ratio = devicePixelRatio || 1;
    const width = map.clientWidth;
    const height = map.clientHeight;
    map.width = width * ratio;
    map.height = height * ratio;
    const c = map.getContext("2d");
    const sx = (width - 8) * ratio / current.width;
    const sy = (height - 8) * ratio / current.height;
    const scale = Math.min(sx, sy * 12);
    const left = (map.width - current.width * Math.min(sx, scale)) / 2;
    current.map = { sx: Math.min(sx, scale) / ratio, sy: Math.min(sy, sx * 2) / ratio, left: left / ratio };
    const colours = {};
    current.rects.forEach((box, i) => {
      const kind = current.nodes_[i].classList[1];
      colours[kind] = colours[kind] || style.getPropertyValue(kind === "input" || kind === "output" ? "--end" : kind === "other" || kind === "move" ? "--edge" : "--" + kind);
      c.fillStyle = current.nodes_[i].classList.contains("hit") ? style.getPropertyValue("--mark") : colours[kind];
      c.fillRect(left + box.x * current.map.sx * ratio, 4 * ratio + box.y * current.map.sy * ratio,
        Math.max(1.5, box.w * current.map.sx * ratio), Math.max(1, box.h * current.map.sy * ratio));
    });
    const { x, y, scale: s } = current.place;
    c.strokeStyle = style.getPropertyValue("--accent");
    c.lineWidth = 1.5 * ratio;
    c.strokeRect(Math.max(1, left + -x / s * current.map.sx * ratio), 4 * ratio - y / s * current.map.sy * ratio,
      Math.min(map.width - 2, canvas.clientWidth / s * current.map.sx * ratio), Math.max(3, canvas.clientHeight / s * current.map.sy * ratio));
  }
  const jump = e => {
    if (!e.buttons) return;
    const place = current.place;
    place.y = canvas.clientHeight / 2 - (e.offsetY - 4) / current.map.sy * place.scale;
    if (current.width * place.scale > canvas.clientWidth) {
      place.x = canvas.clientWidth / 2 - (e.offsetX - current.map.left) / current.map.sx * place.scale;
    }
    move();
  };
  map.addEventListener("pointerdown", e => { map.setPointerCapture(e.pointerId); jump(e); });
  map.addEventListener("pointermove", jump);

  // What a box is.
  const element = (name, text, parent, className) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    if (parent) parent.append(made);
    return made;
  };
  const link = (text, parent, action) => {
    const made = element("a", text, parent);
    made.tabIndex = 0;
    made.addEventListener("click", action);
    made.addEventListener("keydown", e => { if (e.key === "Enter") action(); });
  };
  const go = index => { choose(index); centre(index); };
  const list = (title, count) => {
    element("h3", title + (count > 1 ? " (" + count + ")" : ""), panel);
    return element("ol", "", panel);
  };
  function choose(index) {
    for (const marked of current.element.querySelectorAll(".on, .near")) marked.classList.remove("on", "near");
    chosen = index;
    panel.hidden = index < 0;
    if (index < 0) return drawMap();
    const box = current.boxes[index];
    current.nodes_[index].classList.add("on");
    const mark = i => { const edge = current.edges.get(i); if (edge) edge.classList.add("on"); };
    mark(index);
    current.readers[index].forEach(i => current.nodes_[i].classList.add("near"));
    panel.replaceChildren();
    panel.scrollTop = 0;
    const close = element("button", "\u00d7", panel, "close");
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", () => choose(-1));
    element("h2", box.inputs ? box.op : box.name, panel);
    if (!box.inputs) {
      element("p", "The graph's " + box.op, panel);
      element("p", box.type, panel);
    } else {
      if (box.name) element("p", box.name, panel);
      if (box.domain) element("p", "domain " + box.domain, panel);
      if (box.ms) element("p", box.ms.toFixed(3) + " ms, " + (100 * box.ms / total()).toFixed(1) + " % of the nodes' time", panel);
      if (box.from) {
        const all = list("Made of", box.from.length);
        box.from.forEach(name => {
          const item = element("li", "", all);
          const index = graphs[0].boxes.findIndex(other => other.inputs && label(other) === name);
          if (index >= 0) link(name, item, () => { show(graphs[0]); go(index); }); else item.textContent = name;
        });
        if (box.from.length === 0) element("p", "The rewrites added it.", panel);
      }
      const bodies = Object.entries(box.bodies);
      if (bodies.length) {
        const all = list("Graphs inside", bodies.length);
        bodies.forEach(([name, id]) => link(name, element("li", "", all), () => show(graphs.find(g => g.id === id))));
      }
      const attributes = Object.entries(box.attributes);
      if (attributes.length) {
        element("h3", "Attributes", panel);
        const table = element("dl", "", panel);
        attributes.forEach(([name, value]) => { element("dt", name, table); element("dd", value, table); });
      }
      const inputs = list("Inputs", box.inputs.length);
      box.inputs.forEach(([name, type, values, maker]) => {
        const item = element("li", "", inputs);
        if (!name) { item.textContent = "absent"; return; }
        if (maker >= 0) link(name, item, () => go(maker)); else item.append(name);
        if (maker === -2) element("span", "constant", item, "kind");
        if (type) element("small", type + (values ? " = " + values : ""), item);
        if (maker >= 0) current.nodes_[maker].classList.add("near");
      });
      const outputs = list("Outputs", box.outputs.length);
      box.outputs.forEach(([name, type]) => {
        const item = element("li", name || "not wanted", outputs);
        if (type) element("small", type, item);
      });
    }
    if (current.readers[index].length) {
      const readers = list("Read by", current.readers[index].length);
      [...new Set(current.readers[index])].slice(0, 60).forEach(i =>
        link(label(current.boxes[i]), element("li", "", readers), () => go(i)));
    }
    drawMap();
  }
  const label = box => {
    if (!box.inputs) return box.name;
    const op = box.domain ? box.domain + "." + box.op : box.op;
    return box.name ? op + " '" + box.name + "'" : op + " of '" + box.outputs[0][0] + "'";
  };

  // Search: Enter goes from hit to hit.
  const find = byId("find");
  const search = () => {
    for (const node of current.element.querySelectorAll(".hit")) node.classList.remove("hit");
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    hits = words.length ? current.texts.flatMap((text, i) => words.every(word => text.includes(word)) ? [i] : []) : [];
    hits.forEach(i => current.nodes_[i].classList.add("hit"));
    hit = -1;
    byId("hits").textContent = words.length ? String(hits.length) : "";
    drawMap();
  };
  find.addEventListener("input", search);
  find.addEventListener("keydown", e => {
    if (e.key === "Enter" && hits.length) {
      hit = (hit + (e.shiftKey ? hits.length - 1 : 1)) % hits.length;
      byId("hits").textContent = (hit + 1) + "/" + hits.length;
      go(hits[hit]);
    }
  });
  addEventListener("keydown", e => {
    if (e.key === "/" && document.activeElement !== find) { find.focus(); e.preventDefault(); }
  });

  // Time as colour: the root of the share, so that what is small can be told from nothing.
  const total = () => current.boxes.reduce((sum, box) => sum + (box.ms || 0), 0);
  const heat = () => {
    const on = byId("heat").getAttribute("aria-pressed") === "true";
    const most = Math.max(...current.boxes.map(box => box.ms || 0));
    current.nodes_.forEach((node, i) => {
      const ms = current.boxes[i].ms || 0;
      node.classList.toggle("hot", on && most > 0 && Boolean(current.boxes[i].inputs));
      node.style.setProperty("--share", most > 0 ? Math.sqrt(ms / most) * 0.8 : 0);
    });
  };
  byId("heat").addEventListener("click", e => {
    e.target.setAttribute("aria-pressed", String(e.target.getAttribute("aria-pressed") !== "true"));
    heat();
  });

  // From graph to graph.
  const tabs = byId("tabs");
  function show(graph) {
    if (current) current.element.classList.remove("shown");
    current = graph;
    graph.element.classList.add("shown");
    if (!graph.place) start(graph);
    byId("count").textContent = graph.nodes.toLocaleString("en") + (graph.nodes === 1 ? " node" : " nodes");
    byId("heat").hidden = total() === 0;
    for (const button of tabs.querySelectorAll("button")) button.setAttribute("aria-selected", String(button.dataset.id === graph.id));
    const select = tabs.querySelector("select");
    if (select) select.value = graph.id.startsWith("g") && !graph.id.includes("-") ? "" : graph.id;
    panel.hidden = true;
    chosen = -1;
    heat();
    search();
    move();
  }
  const main = graphs.filter(graph => /^g\d$/.test(graph.id));
  const others = graphs.filter(graph => !main.includes(graph));
  if (graphs.length > 1) {
    for (const graph of main) {
      const button = element("button", graph.title + " (" + graph.nodes + ")", tabs);
      button.type = "button";
      button.dataset.id = graph.id;
      button.addEventListener("click", () => show(graph));
    }
    if (others.length) {
      const select = element("select", "", tabs);
      select.setAttribute("aria-label", "Graphs inside nodes");
      element("option", "inside\u2026", select).value = "";
      for (const graph of others) element("option", graph.title, select).value = graph.id;
      select.addEventListener("change", () => show(graphs.find(g => g.id === select.value) || graphs[0]));
    }
  }
  show(main[main.length - 1]);
  paint(dark.matches ? "dark" : "light");
  dark.addEventListener("change", e => paint(e.matches ? "dark" : "light"));
})();
