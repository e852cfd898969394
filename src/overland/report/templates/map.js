"use strict";
// The map: markers, vehicles, labels, pan and zoom. `scene` is the data block; all positions are in map units,
// all sizes in pixels of the screen, which `unit` (map units per pixel) turns into map units.
const scene = JSON.parse(document.getElementById("scene").textContent);
const grouped = new Intl.NumberFormat("en");

const valueAt = (changes, step) => {
  let low = 0, high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changes[middle][0] <= step) low = middle + 1; else high = middle;
  }
  return low ? changes[low - 1][1] : 0;
};

const map = (() => {
  const svg = document.getElementById("map");
  const layer = (id) => document.getElementById(id);
  const make = (parent, name, attributes) => {
    const element = document.createElementNS(svg.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return parent.appendChild(element);
  };
  const [boxX, boxY, boxWidth, boxHeight] = scene.box;
  const view = { x: boxX + boxWidth / 2, y: boxY + boxHeight / 2, zoom: 1 };
  let unit = 1, width = 0, height = 0, shown = 0;

  // ── markers ──────────────────────────────────────────────────────────────────────────────────────────────
  const most = Math.max(1, ...scene.places.map((p) => p.people), ...scene.crossings.map((c) => c.people));
  const radius = (people) => {
    const largest = Math.min(26, width / 30) * Math.sqrt(view.zoom);
    return people > 0 ? Math.max(2.2, largest * Math.sqrt(people / most)) : 0;
  };
  const markers = [];
  const marker = (what, kind) => {
    const [x, y] = scene.nodes[what.node];
    const group = make(layer("markers"), "g", {});
    const entry = { what, kind, x, y, group, title: make(group, "title", {}) };
    markers.push(entry);
    return entry;
  };
  const inOrder = [...scene.crossings.map((c) => [c, "crossing"]), ...scene.places.map((p) => [p, "place"])];
  inOrder.sort((a, b) => b[0].people - a[0].people);
  for (const [what, kind] of inOrder) {
    const entry = marker(what, kind);
    if (kind === "crossing") {
      entry.passed = make(entry.group, "circle", { class: "m-passed" });
      entry.queue = make(entry.group, "circle", { class: "m-queue" });
      const size = what.people ? 4 : 2.6;
      make(entry.group, "path", { class: what.people ? "m-unused" : "m-unused idle", d: `M0,${-size}L${size},0L0,${size}L${-size},0Z` });
      continue;
    }
    make(entry.group, "circle", { class: "m-dot", r: 1.7 });
    entry.waiting = make(entry.group, "circle", { class: "m-waiting" });
    entry.left = make(entry.group, "circle", { class: "m-left" });
    if (what.hub) {
      entry.transit = make(entry.group, "rect", { class: "m-transit" });
      make(entry.group, "rect", { class: "m-hub", x: -7, y: -7, width: 14, height: 14 });
    }
    if (what.post) make(entry.group, "path", { class: "m-post", d: "M0,0V-15L9,-12L0,-9" });
  }

  const drawMarkers = (step) => {
    for (const entry of markers) {
      const { what, kind } = entry;
      if (kind === "crossing") {
        const passed = valueAt(what.passed, step), queue = valueAt(what.queue, step);
        entry.passed.setAttribute("r", radius(passed));
        entry.queue.setAttribute("r", queue ? radius(passed + queue) + 1 : 0);
        entry.queue.style.strokeWidth = queue ? Math.max(1.6, Math.min(5, radius(queue) / 2)) : 0;
        entry.count = passed;
        entry.title.textContent = `${what.name}${what.abroad ? " – " + what.abroad : ""} (${what.country}): ${grouped.format(passed)} out, ${grouped.format(queue)} queueing`;
      } else {
        const waiting = valueAt(what.waiting, step), transit = valueAt(what.transit, step);
        const side = 2 * radius(transit);
        entry.waiting.setAttribute("r", radius(waiting + what.left));
        entry.left.setAttribute("r", radius(what.left));
        if (entry.transit) for (const [key, value] of [["x", -side / 2], ["y", -side / 2], ["width", side], ["height", side]]) entry.transit.setAttribute(key, value);
        entry.count = waiting + what.left + transit;
        entry.title.textContent = `${what.name}: ${grouped.format(waiting)} waiting` + (transit ? `, ${grouped.format(transit)} in transit` : "") + (what.left ? `, ${grouped.format(what.left)} left behind` : "");
      }
    }
  };

  // ── vehicles ─────────────────────────────────────────────────────────────────────────────────────────────
  const ways = scene.ways.map((way) => {
    const points = way.map((node) => scene.nodes[node]), along = [0];
    for (let i = 1; i < points.length; i++) along.push(along[i - 1] + Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
    return { points, along };
  });
  const placeOn = ({ points, along }, share) => {
    const target = share * along[along.length - 1];
    let i = 1;
    while (i < along.length - 1 && along[i] < target) i++;
    const [ax, ay] = points[i - 1], [bx, by] = points[i];
    const f = along[i] > along[i - 1] ? (target - along[i - 1]) / (along[i] - along[i - 1]) : 1;
    return [ax + f * (bx - ax), ay + f * (by - ay), (Math.atan2(by - ay, bx - ax) * 180) / Math.PI];
  };
  const shapes = {
    bus: () => make(layer("vehicles"), "rect", { class: "v-bus", x: -4.5, y: -2.7, width: 9, height: 5.4, rx: 1.6 }),
    empty: () => make(layer("vehicles"), "rect", { class: "v-empty", x: -4, y: -2.3, width: 8, height: 4.6, rx: 1.5 }),
    train: () => make(layer("vehicles"), "rect", { class: "v-train", x: -9, y: -2.8, width: 18, height: 5.6, rx: 1.4 }),
    cars: () => make(layer("vehicles"), "circle", { class: "v-cars", r: 2.6 }),
  };
  const pools = Object.fromEntries(scene.kinds.map((kind) => [kind, []]));
  const drawVehicles = (time) => {
    const size = width < 500 ? 0.72 : 1;
    const used = Object.fromEntries(scene.kinds.map((kind) => [kind, 0]));
    for (const [kindIndex, start, end, way, , vehicles] of scene.moving) {
      if (start > time) break; // sorted by start
      if (time >= end) continue;
      const kind = scene.kinds[kindIndex], pool = pools[kind], i = used[kind]++;
      const element = pool[i] || (pool[i] = shapes[kind]());
      const [x, y, angle] = placeOn(ways[way], (time - start) / (end - start));
      element.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${unit * size}) rotate(${angle.toFixed(0)})`);
      if (kind === "cars") element.setAttribute("r", Math.min(6, 1.8 + 0.8 * Math.sqrt(vehicles)));
      element.style.display = "";
    }
    for (const kind of scene.kinds) for (let i = used[kind]; i < pools[kind].length; i++) pools[kind][i].style.display = "none";
  };

  // ── labels: largest first, each at the first of eight spots where it touches nothing ─────────────────────────
  const pen = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  let labels = [];
  const spots = (w, h, r) => [[r, h / 2 - 3], [-r - w, h / 2 - 3], [-w / 2, -r - 3], [-w / 2, r + h - 3], [r * 0.7, -r * 0.7], [r * 0.7, r * 0.7 + h - 4], [-r * 0.7 - w, -r * 0.7], [-r * 0.7 - w, r * 0.7 + h - 4]];
  const layout = () => {
    const size = width < 500 ? 10.5 : 12.5, height1 = size * 1.2, longest = width < 500 ? 14 : 22;
    for (const label of labels) label.element.remove();
    labels = [];
    const taken = [];
    const hits = (b) => taken.some((t) => b[0] < t[2] && t[0] < b[2] && b[1] < t[3] && t[1] < b[3]);
    const screen = (x, y) => [(x - view.x) / unit + width / 2, (y - view.y) / unit + height / 2];
    const candidates = markers.filter((m) => m.what.people || m.what.hub || m.what.post);
    for (const m of candidates) {
      const [x, y] = screen(m.x, m.y), r = Math.min(9, radius(m.what.people));
      if (r > 4.5 || m.what.hub) taken.push([x - r * 0.7, y - r * 0.7, x + r * 0.7, y + r * 0.7]);
    }
    for (const m of candidates) {
      const [x, y] = screen(m.x, m.y);
      if (x < 0 || y < 0 || x > width || y > height) continue;
      pen.font = `600 ${size}px ${family}`;
      const name = m.what.name.length > longest ? m.what.name.slice(0, longest - 1).trim() + "…" : m.what.name;
      const w = pen.measureText(`${name} ${grouped.format(m.what.people)}`).width + 4, r = Math.min(radius(m.what.people), 14) + 3;
      const spot = spots(w, height1, r).find(([dx, dy]) => {
        const b = [x + dx, y + dy - height1 * 0.8, x + dx + w, y + dy + height1 * 0.2];
        return b[0] > 2 && b[2] < width - 2 && b[1] > 2 && b[3] < height - 2 && !(b[2] > width - 52 && b[1] < 132) && !hits(b);
      });
      if (!spot) continue;
      const [dx, dy] = spot;
      taken.push([x + dx - 2, y + dy - height1 * 0.8, x + dx + w + 2, y + dy + height1 * 0.25]);
      const element = make(layer("labels"), "text", { class: m.kind, x: m.x + dx * unit, y: m.y + dy * unit, "font-size": size * unit, "stroke-width": 3 * unit });
      const nameElement = make(element, "tspan", { class: "name" });
      nameElement.textContent = name;
      nameElement.style.unicodeBidi = "isolate";
      labels.push({ element, entry: m, number: make(element, "tspan", {}) });
    }
    for (const element of svg.querySelectorAll("text.country")) {
      const [x, y] = screen(+element.dataset.x, +element.dataset.y), text = element.dataset.name || (element.dataset.name = element.textContent);
      pen.font = `${size}px ${family}`;
      const w = pen.measureText(text.toUpperCase()).width * 1.25;
      const shift = [0, -22, 22, -44, 44, -70, 70].find((d) => {
        const b = [x - w / 2, y + d - size, x + w / 2, y + d + size * 1.4];
        return b[0] > 0 && b[2] < width && b[1] > 0 && b[3] < height && !(b[2] > width - 52 && b[1] < 132) && !hits(b);
      });
      element.style.display = shift === undefined ? "none" : "";
      if (shift === undefined) continue;
      taken.push([x - w / 2, y + shift - size, x + w / 2, y + shift + size * 0.4]);
      element.setAttribute("y", +element.dataset.y + shift * unit);
      element.setAttribute("font-size", size * unit);
      element.setAttribute("stroke-width", 3 * unit);
    }
  };
  const drawLabels = () => {
    for (const { entry, number } of labels) number.textContent = entry.count ? ` ${grouped.format(entry.count)}` : "";
  };

  // ── closures and threats ─────────────────────────────────────────────────────────────────────────────────
  const roads = layer("roads").children, threats = layer("threats").children;
  const active = ([start, end], time) => start <= time && time < end;
  const drawDangers = (time) => {
    for (const [i, intervals] of scene.closed) roads[i].classList.toggle("closed", intervals.some((interval) => active(interval, time)));
    scene.threats.forEach((interval, i) => { threats[i].style.display = active(interval, time) ? "" : "none"; });
  };

  // ── the view ─────────────────────────────────────────────────────────────────────────────────────────────
  const fit = (paperWidth, paperHeight) => {
    width = paperWidth || svg.clientWidth || 800;
    height = paperHeight || svg.clientHeight || 500;
    unit = Math.max(boxWidth / width, boxHeight / height) / view.zoom;
    const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
    view.x = clamp(view.x, boxX, boxX + boxWidth);
    view.y = clamp(view.y, boxY, boxY + boxHeight);
    if (view.zoom === 1) { view.x = boxX + boxWidth / 2; view.y = boxY + boxHeight / 2; }
    svg.setAttribute("viewBox", `${view.x - (width * unit) / 2} ${view.y - (height * unit) / 2} ${width * unit} ${height * unit}`);
    svg.classList.toggle("zoomed", view.zoom > 1);
    for (const m of markers) m.group.setAttribute("transform", `translate(${m.x} ${m.y}) scale(${unit})`);
    layout();
    draw(shown);
  };
  const draw = (time) => {
    shown = time;
    drawMarkers(Math.floor(time + 1e-9));
    drawVehicles(time);
    drawLabels();
    drawDangers(time);
  };
  const zoomBy = (factor, clientX, clientY) => {
    const frame = svg.getBoundingClientRect();
    const dx = clientX === undefined ? 0 : (clientX - frame.left - width / 2) * unit, dy = clientY === undefined ? 0 : (clientY - frame.top - height / 2) * unit;
    const zoom = Math.min(12, Math.max(1, view.zoom * factor)), real = zoom / view.zoom;
    view.x += dx * (1 - 1 / real);
    view.y += dy * (1 - 1 / real);
    view.zoom = zoom;
    fit();
  };
  const pan = (dx, dy) => { view.x += dx * unit; view.y += dy * unit; fit(); };
  document.getElementById("zoom-in").addEventListener("click", () => zoomBy(1.6));
  document.getElementById("zoom-out").addEventListener("click", () => zoomBy(1 / 1.6));
  document.getElementById("zoom-home").addEventListener("click", () => { view.zoom = 1; fit(); });
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
    event.preventDefault();
    zoomBy(Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
  }, { passive: false });
  svg.addEventListener("keydown", (event) => {
    const act = { "+": () => zoomBy(1.6), "=": () => zoomBy(1.6), "-": () => zoomBy(1 / 1.6), ArrowLeft: () => pan(-60, 0), ArrowRight: () => pan(60, 0), ArrowUp: () => pan(0, -60), ArrowDown: () => pan(0, 60) }[event.key];
    if (!act || (view.zoom === 1 && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    act();
  });
  const fingers = new Map();
  svg.addEventListener("pointerdown", (event) => fingers.set(event.pointerId, [event.clientX, event.clientY]));
  svg.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (others.length === 1) {
      const [other] = others, distance = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]);
      zoomBy(distance([event.clientX, event.clientY]) / Math.max(1, distance(before)), other[0], other[1]);
    } else if (!others.length && view.zoom > 1) pan(before[0] - event.clientX, before[1] - event.clientY);
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(name, (event) => fingers.delete(event.pointerId));
  return { fit, draw };
})();
