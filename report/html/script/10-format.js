// Numbers for people, as package report/format writes them, and ratios, as package
// bench/stat/estimate takes them.

const scales = {
  "sec": [[1e-9, "ns"], [1e-6, "µs"], [1e-3, "ms"], [1, "s"]],
  "B": [[1, "B"], [1024, "KiB"], [1024 ** 2, "MiB"], [1024 ** 3, "GiB"], [1024 ** 4, "TiB"]],
  "req/sec": [[1, "/s"], [1e3, "k/s"], [1e6, "M/s"]],
  "count": [[1, ""]],
}

const round = (v, digits) => Number(v.toPrecision(digits))

function scaleOf(v, unit) {
  const list = scales[unit] || [[1, unit]]
  let best = list[0]
  for (const s of list) if (round(Math.abs(v) / s[0], 3) >= 1) best = s
  return best
}

function decimalsOf(v, scale, unit) {
  const x = Math.abs(v / scale[0])
  if (x === 0 || x === Math.trunc(x) && (unit === "count" || scale[1] === "B")) return 0
  return Math.min(9, Math.max(0, 2 - Math.floor(Math.log10(round(x, 3)))))
}

// grouped prints x with thousands separated; without decimals, with three significant
// digits or all of a whole number.
function grouped(x, decimals) {
  if (decimals === 0 && x !== Math.trunc(x)) x = round(x, 3)
  const [whole, fraction] = x.toFixed(decimals).split(".")
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",")
  return fraction ? text + "." + fraction : text
}

function quantity(v, unit) {
  const s = scaleOf(v, unit)
  return (grouped(v / s[0], decimalsOf(v, s, unit)) + " " + s[1]).trim()
}

// tickText prints a round value with the digits it has. A unit without scales stands in
// the title of its axis alone.
function tickText(v, unit) {
  const [size, name] = scaleOf(v, unit)
  const x = round(v / size, 3)
  return (x.toLocaleString("en-US", { maximumFractionDigits: 6 }) + " " + (scales[unit] ? name : "")).trim()
}

const comparativesOf = unit => unit === "sec" ? ["longer", "shorter"] : unit === "count" ? ["more", "fewer"]
  : unit.endsWith("/sec") ? ["higher", "lower"] : ["more", "less"]

const factorDecimals = v => v < 1.1 ? 3 : v < 2 ? 2 : v < 10 ? 1 : 0

const factorNumber = (v, decimals) => grouped(decimals === 0 ? round(v, 3) : v, decimals)

// factor writes a ratio as a factor above 1 with its interval.
function factor(ratio, unit) {
  const [greater, smaller] = comparativesOf(unit)
  const below = ratio.value < 1
  const value = below ? 1 / ratio.value : ratio.value
  const d = factorDecimals(value)
  const text = factorNumber(value, d) + " × " + (below ? smaller : greater)
  if (ratio.low === undefined) return text
  const [low, high] = below ? [1 / ratio.high, 1 / ratio.low] : [ratio.low, ratio.high]
  return text + " [" + factorNumber(low, d) + ", " + factorNumber(high, d) + "]"
}

// logGamma is Lanczos's approximation.
function logGamma(x) {
  const c = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5]
  let sum = 1.000000000190015
  c.forEach((k, i) => { sum += k / (x + 1 + i) })
  const t = x + 5.5
  return (x + 0.5) * Math.log(t) - t + Math.log(2.5066282746310005 * sum / x)
}

// incompleteBeta is the regularised incomplete beta function, by its continued
// fraction (Lentz's method).
function incompleteBeta(x, a, b) {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const tiny = 1e-300
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a
  let c = 1, d = 1 / (1 - (a + b) * x / (a + 1) || tiny), f = d
  for (let m = 1; m < 300; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    for (const term of [even, odd]) {
      d = 1 / (1 + term * d || tiny)
      c = 1 + term / c || tiny
      f *= c * d
    }
    if (Math.abs(c * d - 1) < 1e-13) break
  }
  return front * f
}

// student95 is the 97.5 % quantile of Student's distribution, by bisection.
function student95(degrees) {
  let low = 1, high = 13
  for (let i = 0; i < 60; i++) {
    const t = (low + high) / 2
    if (incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) > 0.05) low = t
    else high = t
  }
  return (low + high) / 2
}

// reach is how far the interval of a difference goes, from the standard errors of both
// sides with their degrees of freedom (Satterthwaite).
function reach(a, na, b, nb) {
  const va = a * a, vb = b * b
  if (va + vb === 0) return 0
  return student95((va + vb) ** 2 / (va * va / na + vb * vb / nb)) * Math.sqrt(va + vb)
}

// ratioOf relates a figure to that of the reference; null where there is no ratio. The
// interval is that of estimate.Ratio.
function ratioOf(figure, reference) {
  if (!figure || !reference || figure === reference || figure.st || reference.st || figure.lb || reference.lb) return null
  if (figure.u !== reference.u || !(reference.v > 0) || !(figure.v > 0)) return null
  const ratio = { value: figure.v / reference.v }
  const [a, b] = [figure.lm, reference.lm]
  if (figure.x && reference.x || !a || !b) return ratio
  const difference = a[0] - b[0]
  ratio.low = Math.exp(difference - reach(a[1], a[3] - 1, b[2], b[3] - 1))
  ratio.high = Math.exp(difference + reach(a[2], a[3] - 1, b[1], b[3] - 1))
  return ratio
}

const stateWords = {
  "absent": "does not exist", "later-only": "later starts only", "failed": "failed", "given-up": "given up",
  "unavailable": "unavailable", "missing": "not reached", "unplanned": "not planned",
}
