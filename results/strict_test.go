package results

import (
	"bytes"
	"testing"
)

// strict checks that Validate, by way of a reader, and the schema refuse what an
// edit makes of a text.
func strict(t *testing.T, file string, text []byte, read func([]byte) error, edits map[string][2]string) {
	t.Helper()
	if err := read(text); err != nil {
		t.Fatal(err)
	}
	for name, e := range edits {
		changed := bytes.Replace(text, []byte(e[0]), []byte(e[1]), 1)
		if bytes.Equal(changed, text) {
			t.Errorf("%s: %s is not in %s", name, e[0], file)
		}
		if conforms(t, file, changed) == nil {
			t.Errorf("%s: the schema takes %s", name, changed)
		}
		if !additions[name] && read(changed) == nil {
			t.Errorf("%s: the reader takes %s", name, changed)
		}
	}
}

// additions are rejected only by the schema; a reader ignores them.
var additions = map[string]bool{"unknown member": true, "unknown in a system": true, "unknown in a spec": true, "unknown in a stop": true}

// What Validate rejects and a schema can express, the schema rejects too.
func TestSchemaIsStrictWithRecords(t *testing.T) {
	ok, failed := filledRecords()
	text, _ := encode(ok.complete(), "")
	read := func(text []byte) error { return decodeRecord(text, new(Record)) }
	strict(t, RecordsFile, text, read, map[string][2]string{
		"unknown member":       {`"schema"`, `"extra":1,"schema"`},
		"unknown in a system":  {`"runner"`, `"extra":1,"runner"`},
		"unknown in a stop":    {`"reason"`, `"extra":1,"reason"`},
		"later schema":         {`"schema":2`, `"schema":3`},
		"earlier schema":       {`"schema":2`, `"schema":1`},
		"null list":            {`"phases":[`, `"later":null,"phases":[`},
		"null for a list":      {`"warnings":[{"code":"text","text":"text"}]`, `"warnings":null`},
		"null for an object":   {`"machine":{"name":0.5}`, `"machine":null`},
		"null value":           {`"values":[0.5]`, `"values":[0.5,null]`},
		"unknown outcome":      {`"outcome":"ok"`, `"outcome":"fine"`},
		"failed with metrics":  {`"outcome":"ok"`, `"outcome":"failed","error":"x"`},
		"ok with an error":     {`"outcome":"ok"`, `"outcome":"ok","error":"x"`},
		"unknown rung":         {`"rung":"pooled"`, `"rung":"warm"`},
		"number for a rung":    {`"rung":"pooled"`, `"rung":1`},
		"half a parameter":     {`"concurrency":2`, `"concurrency":2.5`},
		"list of parameters":   {`"concurrency":2`, `"concurrency":[2]`},
		"odd parameter":        {`"concurrency":2`, `"concurrency":"a/b"`},
		"odd parameter name":   {`"concurrency":2`, `"con currency":2`},
		"too many parameters":  {`"concurrency":2`, `"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1`},
		"slash in a name":      {`"mode":"text"`, `"mode":"a/b"`},
		"no experiment":        {`"experiment":"text"`, `"experiment":""`},
		"no values":            {`"values":[0.5]`, `"values":[]`},
		"time without zone":    {`05.678Z`, `05.678`},
		"negative seq":         {`"seq":1`, `"seq":-1`},
		"negative share":       {`"machine":{"name":0.5}`, `"machine":{"name":-1}`},
		"scale of zero":        {`"scale":0.5`, `"scale":0`},
		"unknown reason":       {`"reason":"limit"`, `"reason":"bored"`},
		"odd resource":         {`"resource":"text"`, `"resource":"a b"`},
		"negative limit":       {`"limit":0.5`, `"limit":-1`},
		"odd result of check":  {`"result":"text"`, `"result":"a b"`},
		"warning as text":      {`{"code":"text","text":"text"}`, `"text"`},
		"warning without code": {`{"code":"text","text":"text"}`, `{"text":"text"}`},
	})
	bad, _ := encode(failed.complete(), "")
	strict(t, RecordsFile, bad, read, map[string][2]string{
		"failed without an error": {`"error":"text"`, `"error":" "`},
		"failed and no word":      {`"error":"text",`, ``},
	})
}

func TestSchemaIsStrictWithPlans(t *testing.T) {
	text, _ := encodePlan(filled[Plan]())
	strict(t, PlanFile, text, func(text []byte) error { return decodePlan(text, new(Plan)) }, map[string][2]string{
		"unknown member":      {`"schema"`, `"extra":1,"schema"`},
		"unknown in a spec":   {`"trials"`, `"extra":1,"trials"`},
		"earlier schema":      {`"schema": 2`, `"schema": 0`},
		"later schema":        {`"schema": 2`, `"schema": 3`},
		"no run":              {`"run": "text"`, `"run": ""`},
		"negative seed":       {`"seed": 18`, `"seed": -18`},
		"seed too large":      {`"seed": 18`, `"seed": 28`},
		"negative budget":     {`"budget_ns": 1`, `"budget_ns": -1`},
		"negative deadline":   {`"deadline_ns": 1`, `"deadline_ns": -1`},
		"target of all":       {`"target": 0.5`, `"target": 1`},
		"negative trials":     {`"trials":1`, `"trials":-1`},
		"too many trials":     {`"trials":1`, `"trials":262145`},
		"half a trial":        {`"trials":1`, `"trials":0.5`},
		"too many adaptive":   {`"max_adaptive":1`, `"max_adaptive":9223372036854775807`},
		"effort of a list":    {`"effort":{"iterations":12,"spread":"40ms"}`, `"effort":[]`},
		"effort of nothing":   {`"effort":{"iterations":12,"spread":"40ms"}`, `"effort":null`},
		"null for parameters": {`"params":{"concurrency":2,"page_cache":"warm","rung":"pooled"}`, `"params":null`},
		"cell without names":  {`"runner":"text","mode":"text"`, `"runner":"","mode":""`},
	})
}
