// Lines of the explorer: values along an axis, one line for each system.

const lineHeight = 380
const lineMargin = { left: 64, right: 16, top: 26, bottom: 48 }

function drawLines(view, room) {
  const off = setOf("off")
  const shown = view.series.filter(s => !off.has(D.systems[s.s].name))
  if (shown.length === 0) return
  const width = Math.max(280, room.clientWidth), m = lineMargin, log = state.scale === "log"
  const x = axisOver(shown.flatMap(s => s.x), log && !view.x.whole)
  const y = view.y.share ? { low: 0, high: 1, log: false, place: v => v } : axisOver(shown.flatMap(s => [...s.y, ...(s.l || []), ...(s.h || [])]), log)
  const plot = {
    view, shown, width, x: v => m.left + x.place(v) * (width - m.left - m.right),
    y: v => lineHeight - m.bottom - y.place(v) * (lineHeight - m.top - m.bottom),
  }
  const svg = makeSVG("svg", { viewBox: `0 0 ${width} ${lineHeight}`, role: "img", "aria-label": view.alt || view.title, class: "lines" })
  drawAxes(svg, plot, x, y)
  for (const s of shown) drawSeries(svg, plot, s)
  const mark = makeSVG("circle", { r: 5, class: "mark", visibility: "hidden" })
  svg.append(mark)
  svg.addEventListener("pointermove", e => nearest(e, svg, plot, mark))
  room.append(svg, legendOf(view, shown))
}

function drawAxes(svg, plot, x, y) {
  const { view, width } = plot, m = lineMargin, bottom = lineHeight - m.bottom
  for (const v of ticksOf(x.low, x.high, view.x.unit, x.log, labelRoom(width - m.left), view.x.doubling)) {
    svg.append(makeSVG("line", { x1: plot.x(v), x2: plot.x(v), y1: m.top, y2: bottom, class: "grid" }),
      makeSVG("text", { x: plot.x(v), y: bottom + 16, "text-anchor": "middle" }, tickText(v, view.x.unit)))
  }
  const ticks = view.y.share ? [0, 0.25, 0.5, 0.75, 1] : ticksOf(y.low, y.high, view.y.unit, y.log, 8, view.y.doubling)
  for (const v of ticks) {
    svg.append(makeSVG("line", { x1: m.left, x2: width - m.right, y1: plot.y(v), y2: plot.y(v), class: "grid" }),
      makeSVG("text", { x: m.left - 6, y: plot.y(v) + 4, "text-anchor": "end" }, view.y.share ? v * 100 + " %" : tickText(v, view.y.unit)))
  }
  svg.append(makeSVG("text", { x: (m.left + width - m.right) / 2, y: lineHeight - 10, "text-anchor": "middle", class: "title" }, view.x.title),
    makeSVG("text", { x: 0, y: 12, class: "title" }, view.y.title))
}

function drawSeries(svg, plot, s) {
  const system = D.systems[s.s], style = `stroke:var(--${system.colour})`
  let path = ""
  s.x.forEach((v, i) => {
    const [px, py] = [plot.x(v).toFixed(1), plot.y(s.y[i]).toFixed(1)]
    path += i === 0 ? `M${px} ${py}` : plot.view.steps ? `H${px}V${py}` : `L${px} ${py}`
    if (s.l) svg.append(makeSVG("line", { x1: px, x2: px, y1: plot.y(s.l[i]), y2: plot.y(s.h[i]), style, class: "whisker" }))
  })
  svg.append(makeSVG("path", { d: path, style, class: "line", "stroke-dasharray": (system.dashes || []).join(" ") }))
  const [px, py] = [plot.x(s.x.at(-1)), plot.y(s.y.at(-1))]
  if (s.end === "open") svg.append(makeSVG("circle", { cx: px, cy: py, r: 5, style, class: "end" }))
  if (s.end === "stopped") svg.append(makeSVG("path", { d: `M${px - 5} ${py - 5}l10 10m0 -10l-10 10`, style, class: "end" }))
}

// pointText says where a point of a line is.
function pointText(view, s, i) {
  const value = view.y.share ? (s.y[i] * 100).toFixed(0) + " %" : quantity(s.y[i], view.y.unit)
  const span = s.l ? ` (95 % interval ${quantity(s.l[i], view.y.unit)} to ${quantity(s.h[i], view.y.unit)})` : ""
  return `${D.systems[s.s].name}: ${view.y.title} ${value}${span} at ${quantity(s.x[i], view.x.unit)}`
}

// nearest shows the point that lies nearest to the pointer.
function nearest(event, svg, plot, mark) {
  const box = svg.getBoundingClientRect()
  const scale = plot.width / box.width
  const [px, py] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale]
  let best = { distance: Infinity }
  for (const s of plot.shown) {
    s.x.forEach((v, i) => {
      const distance = (plot.x(v) - px) ** 2 + (plot.y(s.y[i]) - py) ** 2
      if (distance < best.distance) best = { distance, s, i }
    })
  }
  mark.setAttribute("cx", plot.x(best.s.x[best.i]))
  mark.setAttribute("cy", plot.y(best.s.y[best.i]))
  mark.setAttribute("visibility", "visible")
  detail(pointText(plot.view, best.s, best.i))
}

function legendOf(view, shown) {
  return make("ul", { class: "legend" }, shown.map(s => {
    const system = D.systems[s.s], last = s.x.length - 1
    const text = [system.name, ...(s.notes || [])].join("; ")
    const show = () => detail(`${text}. ${pointText(view, s, 0)}; ${pointText(view, s, last)}`)
    return make("li", {}, make("button", { type: "button", class: "key", onfocus: show, onpointerenter: show, onclick: show },
      dashSwatch(system), make("b", {}, system.name), s.notes ? make("small", {}, " " + s.notes.join("; ")) : ""))
  }))
}

const dashSwatch = system => makeSVG("svg", { width: 26, height: 8, class: "dash", "aria-hidden": "true" },
  makeSVG("line", { x1: 0, x2: 26, y1: 4, y2: 4, style: `stroke:var(--${system.colour})`, "stroke-dasharray": (system.dashes || []).join(" ") }))
