package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
)

// order is one that may be priced.
type order struct {
	customer, coupon string // coupon is "" for none
	items            []item
}

type item struct {
	product
	quantity int
	note     *string // nil for none
}

type invalid struct {
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

const (
	maxItems    = 100
	maxQuantity = 1000
	maxCustomer = 64
	maxNote     = 80
)

// readOrder returns an order and all that is wrong with it.
func readOrder(value any) (o order, wrong []invalid) {
	object, ok := value.(map[string]any)
	if !ok {
		return o, []invalid{{"order", "must be an object"}}
	}
	if o.customer, ok = printable(object["customer"], maxCustomer); !ok || o.customer == "" {
		wrong = append(wrong, invalid{"customer", "must be 1 to 64 printable characters"})
	}
	if coupon := object["coupon"]; coupon != nil {
		o.coupon, _ = coupon.(string)
		if o.coupon != "WELCOME10" && o.coupon != "FIVER" {
			wrong = append(wrong, invalid{"coupon", "must be a known coupon, or absent"})
		}
	}
	items, _ := object["items"].([]any)
	if len(items) < 1 || len(items) > maxItems {
		return o, append(wrong, invalid{"items", "must be an array of 1 to 100 items"})
	}
	for i, value := range items {
		it, bad := readItem(fmt.Sprintf("items[%d]", i), value)
		o.items, wrong = append(o.items, it), append(wrong, bad...)
	}
	return o, wrong
}

func readItem(field string, value any) (it item, wrong []invalid) {
	object, ok := value.(map[string]any)
	if !ok {
		return it, []invalid{{field, "must be an object"}}
	}
	sku, _ := object["sku"].(string)
	if it.product, ok = findProduct(sku); !ok {
		wrong = append(wrong, invalid{field + ".sku", "must be a known sku"})
	}
	written, _ := object["quantity"].(json.Number)
	quantity, err := written.Int64()
	if err != nil || quantity < 1 || quantity > maxQuantity {
		wrong = append(wrong, invalid{field + ".quantity", "must be an integer from 1 to 1000"})
	}
	it.quantity = int(quantity)
	if value := object["note"]; value != nil {
		note, ok := printable(value, maxNote)
		if !ok {
			wrong = append(wrong, invalid{field + ".note", "must be up to 80 printable characters, or absent"})
		}
		it.note = &note
	}
	return it, wrong
}

// printable wants a string of at most n characters from space to '~'.
func printable(value any, n int) (string, bool) {
	text, ok := value.(string)
	for _, c := range []byte(text) {
		ok = ok && c >= ' ' && c <= '~'
	}
	return text, ok && len(text) <= n
}

type line struct {
	SKU      string  `json:"sku"`
	Name     string  `json:"name"`
	Quantity int     `json:"quantity"`
	Unit     int     `json:"unit_cents"`
	Discount int     `json:"discount_cents"`
	Total    int     `json:"total_cents"`
	Note     *string `json:"note,omitempty"`
	tax      int
}

type bill struct {
	ID       string `json:"id"`
	Customer string `json:"customer"`
	Lines    []line `json:"lines"`
	Units    int    `json:"units"`
	Subtotal int    `json:"subtotal_cents"`
	Discount int    `json:"discount_cents"`
	Tax      int    `json:"tax_cents"`
	Shipping int    `json:"shipping_cents"`
	Total    int    `json:"total_cents"`
}

// All prices are in cents. Of an order of 100,000 units they pass 32 bits,
// which an int has as a WebAssembly module too: Go's has 64.
func (o order) price(id string) bill {
	b := bill{ID: id, Customer: o.customer}
	for _, it := range o.items {
		l := it.price()
		b.Lines = append(b.Lines, l)
		b.Units += l.Quantity
		b.Subtotal += l.Total
		b.Tax += l.tax
	}
	slices.SortStableFunc(b.Lines, func(x, y line) int {
		return cmp.Or(cmp.Compare(y.Total, x.Total), cmp.Compare(x.SKU, y.SKU))
	})
	b.Discount = discount(o.coupon, b.Subtotal)
	if b.Subtotal-b.Discount < 5000 {
		b.Shipping = 490
	}
	b.Total = b.Subtotal - b.Discount + b.Tax + b.Shipping
	return b
}

func (it item) price() line {
	l := line{SKU: it.SKU, Name: it.Name, Quantity: it.quantity, Unit: it.Price, Note: it.note}
	full := it.Price * it.quantity
	switch {
	case it.quantity >= 100:
		l.Discount = full * 15 / 100
	case it.quantity >= 10:
		l.Discount = full * 5 / 100
	}
	l.Total = full - l.Discount
	rate := 19
	if it.Category == "paper" {
		rate = 7
	}
	l.tax = (l.Total*rate + 50) / 100
	return l
}

func discount(coupon string, subtotal int) int {
	switch {
	case coupon == "WELCOME10":
		return subtotal * 10 / 100
	case coupon == "FIVER" && subtotal >= 2500:
		return 500
	}
	return 0
}

func orderID(body []byte) string {
	h := fnv.New32a()
	h.Write(body) // never fails
	return fmt.Sprintf("o-%08x", h.Sum32())
}
