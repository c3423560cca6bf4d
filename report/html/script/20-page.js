// The page's data, small helpers for elements, and the state in the URL's fragment.

const D = JSON.parse(document.getElementById("data").textContent)

// make gives an element with attributes and children; texts are never markup.
function make(tag, attributes = {}, ...children) {
  const e = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value)
    else if (value === true) e.setAttribute(name, "")
    else if (value !== false && value !== undefined && value !== null) e.setAttribute(name, value)
  }
  e.append(...children.flat().filter(c => c !== null && c !== undefined && c !== ""))
  return e
}

function makeSVG(tag, attributes = {}, ...children) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag)
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value)
  e.append(...children)
  return e
}

const byId = id => document.getElementById(id)
const unique = list => [...new Set(list)]
const swatch = system => system ? make("i", { class: "swatch", style: `background:var(--${system.colour})`, "aria-hidden": "true" }) : null

// state holds what is chosen. What has its default is not in the fragment.
const defaults = {
  view: "", class: "", off: "", hide: "", ref: D.reference < 0 ? "" : D.systems[D.reference].name, scale: "log", bars: "share",
  q: "", experiment: "", side: "", system: "", workload: "", build: "", in: "", all: "", sort: "", trials: "",
}
const state = { ...defaults }

const setOf = key => new Set(state[key].split("|").filter(Boolean))

function toggled(key, name, there) {
  const names = setOf(key)
  if (there) names.add(name)
  else names.delete(name)
  set({ [key]: [...names].sort().join("|") })
}

// readFragment reports whether the fragment chooses anything. That of a figure's link
// chooses its trials and leaves all else.
function readFragment() {
  const text = location.hash.slice(1)
  const figure = text.match(/^trials-(\d+)$/)
  if (figure) {
    state.trials = figure[1]
    return true
  }
  if (!text.includes("=")) return false
  const given = new URLSearchParams(text)
  for (const key of Object.keys(defaults)) state[key] = given.has(key) ? given.get(key) : defaults[key]
  return true
}

function writeFragment() {
  const chosen = new URLSearchParams()
  for (const [key, value] of Object.entries(state)) if (value !== defaults[key]) chosen.set(key, value)
  const text = chosen.toString()
  if (text !== location.hash.slice(1)) history.replaceState(null, "", "#" + text)
}

const listeners = []

// set changes what is chosen, writes the fragment, and draws again what depends on it.
function set(changes) {
  Object.assign(state, changes)
  writeFragment()
  const keys = Object.keys(changes)
  for (const listen of listeners) listen(keys)
}

// choice is a labelled select; options are [value, text].
function choice(label, options, chosen, choose) {
  const select = make("select", { onchange: e => choose(e.target.value) })
  for (const [value, text] of options) select.append(make("option", { value, selected: value === chosen }, text))
  return make("label", { class: "choice" }, make("span", {}, label), select)
}

// check is a labelled box; with a system it has its colour.
function check(label, checked, choose, system) {
  const box = make("input", { type: "checkbox", checked, onchange: e => choose(e.target.checked) })
  return make("label", { class: "check" }, box, system ? swatch(system) : null, label)
}

// ticksOf gives round values within a range, as many as fit.
function ticksOf(low, high, unit, log, most, doubling) {
  const base = unit === "B" || doubling ? 2 : 10
  if (!log) {
    const rough = (high - low) / Math.max(1, most)
    const scale = scaleOf(high, unit)[0]
    const power = 10 ** Math.floor(Math.log10(rough / scale))
    const step = scale * power * [1, 2, 5, 10].find(k => k * power * scale >= rough * 0.999)
    const list = []
    for (let v = Math.ceil(low / step) * step; v <= high * 1.0001; v += step) list.push(v)
    return list
  }
  const all = []
  const powers = [Math.floor(Math.log(low) / Math.log(base)), Math.ceil(Math.log(high) / Math.log(base))]
  for (let p = powers[0]; p <= powers[1]; p++) all.push(p)
  const digits = base === 10 && all.length <= 4 ? [1, 2, 5] : [1]
  const list = all.flatMap(p => digits.map(d => d * base ** p)).filter(v => v >= low * 0.999 && v <= high * 1.001)
  const every = Math.ceil(list.length / Math.max(1, most))
  return list.filter((_, i) => i % every === 0)
}

// axisOver spans values; place gives 0 to 1.
function axisOver(values, log) {
  const positive = values.filter(v => v > 0)
  if (!log) {
    const high = Math.max(...values, 1e-12) * 1.04
    return { low: 0, high, log, place: v => Math.min(1, Math.max(0, v / high)) }
  }
  let low = Math.log(Math.min(...positive)), high = Math.log(Math.max(...positive))
  if (high - low < 2) [low, high] = [(low + high) / 2 - 1, (low + high) / 2 + 1]
  const room = (high - low) * 0.05
  low -= room
  high += room
  return { low: Math.exp(low), high: Math.exp(high), log, place: v => v > 0 ? Math.min(1, Math.max(0, (Math.log(v) - low) / (high - low))) : 0 }
}
