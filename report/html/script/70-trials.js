// The trials behind a figure, and the start of the page.

function trialsTable(f) {
  const rows = f.ts.map((seq, i) => make("tr", {}, make("td", {}, String(seq)), make("td", {}, quantity(f.tv[i], f.u))))
  return make("div", { class: "wide", role: "region", "aria-label": "Trials", tabindex: "0" }, make("table", {},
    make("caption", {}, "What single trials gave (medians where a trial has several values)"),
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Record"), make("th", { scope: "col" }, "Value"))), make("tbody", {}, rows)))
}

// strip draws each trial as a dot on an axis of their own.
function strip(f) {
  const axis = axisOver(f.tv, f.tv.every(v => v > 0))
  const dots = f.tv.map(v => make("i", { class: "point small", style: `left:${(axis.place(v) * 100).toFixed(2)}%;--c:var(--ink)` }))
  return make("div", { class: "strip", "aria-hidden": "true" }, make("span", { class: "track" }, dots), axisElement(axis, f.u, 400))
}

function drawTrials() {
  const dialog = byId("trials"), f = D.figures[Number(state.trials)]
  if (state.trials === "" || !f || f.c < 0) {
    if (dialog.open) dialog.close()
    return
  }
  const cell = D.cells[f.c], metric = D.metrics[f.m], system = D.systems[cell.s]
  const name = [system.name, cell.w, cell.b, paramsText(cell)].filter(Boolean).join(", ")
  const body = [make("h2", { id: "trials-title" }, name), make("p", {}, make("b", {}, metric.label), ": " + sentenceOf(f) + "."), make("p", {}, metric.meaning)]
  if (f.ts) {
    body.push(strip(f), trialsTable(f))
    if (f.n > f.ts.length) body.push(make("p", {}, `These are ${f.ts.length} of ${f.n} trials; the records have them all.`))
    body.push(make("p", {}, "A record is one line of the records: ", make("code", {}, `zgrep '"seq":${f.ts[0]},' ${D.records}*`)))
  }
  byId("trials-body").replaceChildren(...body)
  if (!dialog.open) dialog.showModal()
}

function start() {
  const given = readFragment()
  startExplorer()
  startCells()
  listeners.push(keys => { if (keys.includes("trials")) drawTrials() })
  byId("trials").addEventListener("close", () => { if (state.trials !== "") set({ trials: "" }) })
  addEventListener("hashchange", () => {
    if (!readFragment()) return
    writeFragment()
    if (D.views.length > 0) drawExplorer()
    applyCells()
    drawTrials()
  })
  if (given) {
    drawTrials()
    const own = Object.keys(defaults).filter(k => state[k] !== defaults[k])
    if (state.trials === "") byId(own.some(k => ["view", "class", "off", "hide", "ref", "scale", "bars"].includes(k)) ? "explore" : "cells").scrollIntoView()
  }
  document.documentElement.dataset.ready = "1"
}

start()
