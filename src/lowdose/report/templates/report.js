// Draws each chart from its Vega-Lite specification at the width of the page, and links them: pointing at one,
// or moving the slider, shows the same moment in all. Without this script the page keeps its still pictures.
"use strict";
(() => {
  const AXIS = 46, SPACE = 12, NARROW = 700, DAY = 24;
  const form = document.querySelector(".controls");
  const slider = document.getElementById("at");
  const moment = document.getElementById("moment");
  const clockStart = Number(form.dataset.clock);
  const main = document.querySelector("main");

  const figures = [...document.querySelectorAll("figure[data-chart]")].map((element) => ({
    element,
    spec: JSON.parse(element.querySelector("script.spec").textContent),
    live: element.querySelector(".live"),
    readout: element.querySelector(".readout"),
    view: null,
  }));

  const domain = (panel) => panel.encoding.x.scale.domain;
  const nameOf = (panel) => ["first", "course", "last"].find((name) => panel.name.includes(`_${name}`));

  // The rows of a panel's data, parsed once: each maps a column to a number.
  const parsed = new Map();
  function rowsOf(panel) {
    if (!parsed.has(panel.name)) {
      const [head, ...lines] = panel.data.values.split("\n").map((line) => line.split(","));
      parsed.set(panel.name, lines.map((line) => Object.fromEntries(head.map((name, i) => [name, Number(line[i])]))));
    }
    return parsed.get(panel.name);
  }

  // The specification with its panels as wide as the page allows; on a phone only the chosen period.
  function fitted(spec, width, period) {
    const copy = structuredClone(spec);
    for (const row of copy.vconcat) {
      if (period && row.title.subtitle) row.title.subtitle = row.title.subtitle.split("; ");
      if (period) row.hconcat = row.hconcat.filter((panel) => nameOf(panel) === period).concat(row.hconcat).slice(0, 1);
      const count = row.hconcat.length;
      const room = width - AXIS * count - SPACE * (count - 1);
      const whole = row.hconcat.reduce((sum, panel) => sum + panel.width, 0);
      for (const panel of row.hconcat) {
        panel.width = Math.floor((room * panel.width) / whole);
        panel.data = { name: panel.data.name, values: rowsOf(panel) }; // Vega's own reader of CSV needs eval
      }
    }
    return copy;
  }

  // Where each drawn panel lies, in pixels of the view.
  function panelsOf(figure) {
    const found = [];
    const walk = (group, x, y) => {
      for (const mark of group.items || []) {
        for (const item of mark.items || []) {
          if (item.marktype || !item.items) continue;
          const left = x + (item.x || 0), top = y + (item.y || 0);
          const panel = figure.drawn.vconcat.flatMap((row) => row.hconcat).find((one) => mark.name === `${one.name}_group`);
          if (panel) found.push({ panel, left, top, width: panel.width, height: panel.height });
          walk(item, left, top);
        }
      }
    };
    const [x, y] = figure.view.origin();
    walk(figure.view.scenegraph().root.items[0], x, y);
    return found;
  }

  function hourAt(figure, event) {
    const box = figure.live.querySelector("svg").getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    for (const { panel, left, top, width, height } of figure.panels) {
      if (x < left || x > left + width || y < top || y > top + height) continue;
      const [from, to] = domain(panel);
      return from + ((x - left) / width) * (to - from);
    }
    return null;
  }

  const short = (value) => (Math.abs(value) >= 10 ? value.toFixed(0) : String(Number(value.toPrecision(2))));

  // What a row of a chart says at an hour, from the closest look at it that the page has.
  function reading(row, hour) {
    const holds = (panel) => hour >= domain(panel)[0] && hour <= domain(panel)[1];
    const panel = row.hconcat.find((one) => nameOf(one) !== "course" && holds(one)) || row.hconcat.find(holds);
    if (!panel) return null;
    const near = rowsOf(panel).reduce((a, b) => (Math.abs(b.h - hour) < Math.abs(a.h - hour) ? b : a));
    const range = near.p05 === undefined ? "" : ` (${short(near.p05)}–${short(near.p95)})`;
    return `${row.title.text}: ${short(near.p50)}${range}`;
  }

  function words(hour) {
    const minutes = Math.round((clockStart + hour) * 60);
    const two = (n) => String(n).padStart(2, "0");
    return `day ${Math.floor(minutes / 1440) + 1}, ${two(Math.floor((minutes % 1440) / 60))}:${two(minutes % 60)}`;
  }

  let chosen = null, waiting = false;
  function show(hour) {
    chosen = hour;
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      slider.value = chosen;
      moment.textContent = words(chosen);
      slider.setAttribute("aria-valuetext", words(chosen));
      for (const figure of figures) {
        if (figure.view) figure.view.signal("at", chosen).runAsync();
        const said = figure.spec.vconcat.map((row) => reading(row, chosen)).filter(Boolean);
        figure.readout.hidden = said.length === 0;
        figure.readout.replaceChildren(...said.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
      }
    });
  }

  async function draw(figure, width, period) {
    figure.drawn = fitted(figure.spec, width, period);
    figure.element.classList.add("is-live");
    const options = { mode: "vega-lite", renderer: "svg", ast: true, actions: false, tooltip: false, defaultStyle: false };
    const result = await window.vegaEmbed(figure.live, figure.drawn, options);
    if (figure.view) figure.view.finalize();
    figure.view = result.view;
    figure.panels = panelsOf(figure);
    if (chosen !== null) figure.view.signal("at", chosen).runAsync();
  }

  let drawnWidth = 0;
  async function drawAll(force) {
    const width = figures[0].element.clientWidth;
    if (!force && Math.abs(width - drawnWidth) < 4) return;
    drawnWidth = width;
    main.classList.toggle("is-narrow", width < NARROW);
    const period = width < NARROW ? form.elements.period.value : null;
    for (const figure of figures) {
      try {
        await draw(figure, width, period);
      } catch (error) {
        figure.element.classList.remove("is-live"); // the still picture stays
        throw error;
      }
    }
    document.documentElement.dataset.drawn = "yes";
  }

  const course = figures[0].spec.vconcat[0].hconcat.find((panel) => nameOf(panel) === "course");
  slider.max = domain(course)[1];
  for (const radio of form.querySelectorAll("input[type=radio]")) {
    const exists = figures[0].spec.vconcat[0].hconcat.some((panel) => nameOf(panel) === radio.value);
    if (!exists) radio.parentElement.remove();
  }
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => { if (event.target.name === "period") drawAll(true); });
  slider.addEventListener("input", () => show(Number(slider.value)));
  for (const figure of figures) {
    figure.live.addEventListener("pointermove", (event) => {
      const hour = figure.panels ? hourAt(figure, event) : null;
      if (hour !== null) show(hour);
    });
  }
  let timer = 0;
  window.addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(() => drawAll(false), 150); });
  drawAll(true);
})();
