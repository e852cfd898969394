// The clock: the slider, playing, and everything that shows the numbers of one moment.
(() => {
  const byId = (id) => document.getElementById(id);
  const slider = byId("time"), play = byId("play"), pace = byId("pace");
  const totals = [...document.querySelectorAll("[data-total]")], abroad = [...document.querySelectorAll("[data-abroad]")];
  const stack = [...byId("stack").children];
  const people = ["waiting", "riding", "hub", "border", "out", "left"].reduce((sum, state) => sum + scene.totals[state][0], 0);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let time = scene.first, playing = 0, before = 0;

  const show = (moment) => {
    time = Math.min(Math.max(moment, 0), scene.last);
    const step = Math.floor(time + 1e-9), hours = (step * scene.stepMinutes) / 60;
    slider.value = step;
    slider.setAttribute("aria-valuetext", `${scene.clock[step]}, ${hours} hours after the start, ${grouped.format(scene.totals.out[step])} out`);
    byId("clock").textContent = byId("clock-print").textContent = scene.clock[step];
    byId("elapsed").textContent = `${grouped.format(hours)} h after the start`;
    for (const cell of totals) cell.textContent = grouped.format(scene.totals[cell.dataset.total][step]);
    for (const cell of abroad) cell.textContent = grouped.format(valueAt(scene.abroad[+cell.dataset.abroad].out, step));
    for (const part of stack) part.style.width = `${people ? (100 * scene.totals[part.className][step]) / people : 0}%`;
    document.documentElement.style.setProperty("--now", scene.last ? time / scene.last : 0);
    map.draw(time);
  };
  const label = () => {
    play.textContent = playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
  };
  const stop = () => { cancelAnimationFrame(playing); playing = 0; label(); };
  const frame = (now) => {
    const hours = ((now - before) / 1000) * Number(pace.value), ahead = (hours * 60) / scene.stepMinutes;
    if (!calm.matches || ahead >= 1) {
      before = now;
      show(calm.matches ? Math.floor(time) + Math.floor(ahead) : time + ahead);
    }
    if (time >= scene.last) stop(); else playing = requestAnimationFrame(frame);
  };
  const start = () => {
    if (time >= scene.last) show(0);
    before = performance.now();
    playing = requestAnimationFrame(frame);
    label();
  };
  play.addEventListener("click", () => (playing ? stop() : start()));
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  slider.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    if (playing) stop(); else start();
  });

  const asked = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash); // report.html#t=36 opens at 36 h
  if (asked) time = Math.floor((Number(asked[1]) * 60) / scene.stepMinutes);
  map.fit();
  show(time);
  let waiting = 0;
  addEventListener("resize", () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(() => map.fit()); });
  // On paper the map is as wide as A4 allows; labels are placed anew for it.
  addEventListener("beforeprint", () => { stop(); map.fit(695, 423); });
  addEventListener("afterprint", () => map.fit());
})();
