package main

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

type product struct {
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Category string `json:"category"`
	Price    int    `json:"price_cents"`
}

// catalogue is sorted by SKU.
var catalogue = []product{
	{"A-100", "Headphones, closed", "audio", 4999},
	{"A-210", `Microphone "Studio"`, "audio", 12900},
	{"A-330", "Cable 6.3 mm, 3 m", "audio", 1250},
	{"D-010", "Desk 160x80, oak", "desk", 34900},
	{"D-020", "Desk 160x80, white", "desk", 34900},
	{"D-115", `Monitor arm 27"`, "desk", 8990},
	{"D-400", "Cable tray", "desk", 1999},
	{"L-001", "Desk lamp, LED", "light", 5990},
	{"L-002", "Bulb E27, 8 W", "light", 899},
	{"L-050", "Floor lamp <warm>", "light", 14950},
	{"P-001", "Notebook A5, dotted", "paper", 349},
	{"P-002", "Notebook A4, ruled", "paper", 549},
	{"P-010", "Copy paper, 500 sheets", "paper", 799},
	{"P-099", "Sticky notes & flags", "paper", 99},
	{"S-007", "Office chair", "seat", 45900},
	{"S-008", "Stool, 65 cm", "seat", 12900},
	{"T-001", "Screwdriver set", "tool", 2490},
	{"T-002", "Tape measure 5 m", "tool", 899},
	{"T-044", "Drill 18 V", "tool", 18990},
	{"T-045", `Battery 18 V\4 Ah`, "tool", 6490},
}

var categories = []string{"desk", "light", "paper", "seat", "tool", "audio"}

func findProduct(sku string) (product, bool) {
	i, ok := slices.BinarySearchFunc(catalogue, sku, func(p product, sku string) int {
		return cmp.Compare(p.SKU, sku)
	})
	if !ok {
		return product{}, false
	}
	return catalogue[i], true
}

func oneProduct(sku string) reply {
	p, ok := findProduct(sku)
	if !ok {
		return refuse(http.StatusNotFound, "no such product")
	}
	return reply{status: http.StatusOK, body: p}
}

// orders are the ways to sort products that are sorted by SKU already.
var orders = map[string]func(a, b product) int{
	"sku":    func(a, b product) int { return 0 },
	"name":   func(a, b product) int { return cmp.Compare(a.Name, b.Name) },
	"price":  func(a, b product) int { return cmp.Compare(a.Price, b.Price) },
	"-price": func(a, b product) int { return cmp.Compare(b.Price, a.Price) },
}

// filter is a query of the catalogue.
type filter struct {
	category string // "" for all
	maxPrice int    // in cents, -1 for any
	limit    int
	order    func(a, b product) int
}

const maxLimit = 100

func listProducts(query string) reply {
	f, reason := readFilter(query)
	if reason != "" {
		return refuse(http.StatusBadRequest, reason)
	}
	matches := []product{}
	for _, p := range catalogue {
		if (f.category == "" || p.Category == f.category) && (f.maxPrice < 0 || p.Price <= f.maxPrice) {
			matches = append(matches, p)
		}
	}
	slices.SortStableFunc(matches, f.order)
	return reply{status: http.StatusOK, body: struct {
		Total    int       `json:"total"`
		Products []product `json:"products"`
	}{len(matches), matches[:min(len(matches), f.limit)]}}
}

// readFilter returns a query's filter, or why it is refused.
func readFilter(query string) (f filter, reason string) {
	f = filter{maxPrice: -1, limit: maxLimit, order: orders["sku"]}
	seen := make(map[string]bool)
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		good, known := f.set(name, value)
		switch {
		case !known:
			return f, "unknown parameter"
		case seen[name]:
			return f, "repeated parameter"
		case !good:
			return f, "bad parameter: " + name
		}
		seen[name] = true
	}
	return f, ""
}

func (f *filter) set(name, value string) (good, known bool) {
	switch name {
	case "category":
		f.category = value
		return slices.Contains(categories, value), true
	case "max_price":
		f.maxPrice, good = number(value, 9)
		return good, true
	case "sort":
		f.order, good = orders[value]
		return good, true
	case "limit":
		f.limit, good = number(value, 3)
		return good && f.limit >= 1 && f.limit <= maxLimit, true
	}
	return false, false
}
