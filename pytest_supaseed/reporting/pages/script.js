"use strict";

for (const hidden of document.querySelectorAll(".zoom, .find")) hidden.hidden = false;

// A link to a table opens its details.
const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.hidden = false;
    target.scrollIntoView();
    target.querySelector("summary").focus({ preventScroll: true });
  }
};
addEventListener("hashchange", reveal);
for (const link of document.querySelectorAll('a[href^="#"]')) {
  link.addEventListener("click", () => setTimeout(reveal));
}
reveal();

// Tables whose names, columns included, hold what is typed.
for (const field of document.querySelectorAll("[data-find]")) {
  const blocks = [...document.getElementById(field.dataset.find).children];
  const status = field.parentElement.querySelector("[role=status]");
  const words = blocks.map((block) => {
    const columns = [...block.querySelectorAll(":scope > .cols > li > div:first-child > b")];
    return [block.dataset.n, ...columns.map((column) => column.textContent)].join(" ").toLowerCase();
  });
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    let shown = 0;
    blocks.forEach((block, at) => {
      block.hidden = !words[at].includes(wanted);
      shown += !block.hidden;
    });
    status.textContent = wanted ? `${shown} of ${blocks.length} tables` : `${blocks.length} tables`;
  });
}

// The drawing: its size, and the relations of the table that the pointer or the focus is on.
for (const drawing of document.querySelectorAll(".g")) {
  const svg = drawing.querySelector("svg");
  const width = svg.width.baseVal.value;
  const height = svg.height.baseVal.value;
  let scale = 1;
  const resize = (wanted) => {
    scale = Math.min(Math.max(wanted, 0.1), 4);
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
  };
  for (const button of drawing.parentElement.querySelectorAll(`[data-zoom]`)) {
    if (button.parentElement.nextElementSibling !== drawing) continue;
    button.addEventListener("click", () => {
      const step = button.dataset.zoom;
      const whole = Math.min(drawing.clientWidth / width, (innerHeight * 0.75) / height, 1);
      resize(step === "fit" ? whole : scale * Number(step));
    });
  }
  const lines = [...svg.querySelectorAll("path")];
  const boxes = new Map([...svg.querySelectorAll("a")].map((box) => [box.dataset.n, box]));
  const light = (number) => {
    const on = new Set();
    if (number !== undefined) {
      on.add(boxes.get(number));
      for (const line of lines) {
        if (line.dataset.c === undefined) continue;
        if (line.dataset.c !== number && line.dataset.p !== number) continue;
        on.add(line).add(boxes.get(line.dataset.c)).add(boxes.get(line.dataset.p));
        for (const trunk of lines) {
          if (trunk.dataset.c === undefined && trunk.dataset.p === line.dataset.p) on.add(trunk);
        }
      }
    }
    drawing.classList.toggle("far", on.size > 0);
    for (const one of [...lines, ...boxes.values()]) one.classList.toggle("on", on.has(one));
  };
  const under = (event) => light(event.target.closest("a")?.dataset.n);
  // On the frame: an SVG that listens for focus takes it itself.
  drawing.addEventListener("pointerover", under);
  drawing.addEventListener("pointerleave", () => light());
  drawing.addEventListener("focusin", under);
  drawing.addEventListener("focusout", () => light());
}
