package build

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// WebAssembly as all our runtimes know it can't leave a function but by its
// end, which is what longjmp does. For workloads that ask for it ("longjmp" in
// [build.c]) the compiler does a half of it (-enable-emscripten-sjlj), and the
// build the other: behind each call it adds
//
//	if guest_unwinding, return
//
// to the compiler's assembly, so that a function which sets this flag and
// returns is followed by all that called it. The calls by which the compiler
// stops this, invoke_…, are the workload's own functions, and clear the flag.

// unwindVersion changes with what addReturns does: it is a part of the key of
// what is built.
const unwindVersion = "add returns, version 1"

// unwindFlags let the compiler do its half.
var unwindFlags = []string{"-mllvm", "-enable-emscripten-sjlj"}

// libraryCalls are functions that the compiler calls of its own accord, without
// a declaration, and its helpers. None is ever left but by its end.
var libraryCalls = map[string]string{
	"cos": "(f64) -> (f64)", "exp": "(f64) -> (f64)", "log": "(f64) -> (f64)", "sin": "(f64) -> (f64)",
	"fmod": "(f64, f64) -> (f64)", "pow": "(f64, f64) -> (f64)",
	"memcpy": "(i32, i32, i32) -> (i32)", "memmove": "(i32, i32, i32) -> (i32)",
	"memset": "(i32, i32, i32) -> (i32)", "memcmp": "(i32, i32, i32) -> (i32)",
	"strlen": "(i32) -> (i32)", "strcmp": "(i32, i32) -> (i32)",
	"malloc": "(i32) -> (i32)", "free": "(i32) -> ()",
	"getTempRet0": "() -> (i32)", "setTempRet0": "(i32) -> ()",
	"testSetjmp": "(i32, i32, i32) -> (i32)", "saveSetjmp": "(i32, i32, i32, i32) -> (i32)",
}

const invoke = "invoke_"

// unwinding compiles a source to assembly, rewrites that, and assembles it.
func (t cToolchain) unwinding(compile []string, source, object string) []step {
	assembly := object + ".s"
	return []step{
		{args: slices.Concat(compile, []string{"-S", source, "-o", assembly})},
		{args: []string{unwindVersion, assembly}, edit: addReturns},
		{args: slices.Concat(t.compile, []string{"-c", assembly, "-o", object})},
	}
}

var (
	functionType = regexp.MustCompile(`(?m)^\t\.functype\t(\S+) (\(.*\) -> \((.*)\))$`)
	callee       = regexp.MustCompile(`^\tcall\t(\S+)`)
)

// addReturns rewrites the assembly of a module's unit. A function that is
// called before it is defined gets a declaration, which the assembler wants and
// the compiler does not write.
func addReturns(assembly []byte) ([]byte, error) {
	var out bytes.Buffer
	declare(&out, assembly)
	var f function
	for line := range strings.Lines(string(assembly)) {
		if m := functionType.FindStringSubmatch(strings.TrimSuffix(line, "\n")); m != nil && f.label == m[1] {
			f = function{label: m[1], name: m[1], result: m[3]}
		} else if label, _, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, ".L") {
			f.label = label
		}
		if err := f.follow(&out, line); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// declare writes the types of all functions that are not declared before their
// first use.
func declare(out *bytes.Buffer, assembly []byte) {
	var known []string
	for _, m := range functionType.FindAllSubmatch(assembly, -1) {
		if name := string(m[1]); !slices.Contains(known, name) {
			known = append(known, name)
			fmt.Fprintf(out, "\t.functype\t%s %s\n", name, m[2])
		}
	}
	for _, name := range sortedKeys(libraryCalls) {
		if !slices.Contains(known, name) && bytes.Contains(assembly, []byte("\tcall\t"+name+"\n")) {
			fmt.Fprintf(out, "\t.functype\t%s %s\n", name, libraryCalls[name])
		}
	}
}

// function is where in the text we are.
type function struct {
	label, name string
	// result is the type of what it returns, "" for nothing.
	result string
	// open has, for each block that is open, the type of what it leaves behind.
	open []string
	// dead: the last instruction has gone elsewhere.
	dead bool
}

// follow copies a line, and adds what must stand before or behind it.
func (f *function) follow(out *bytes.Buffer, line string) error {
	code, _, _ := strings.Cut(line, "#")
	words := append(strings.Fields(code), "", "")
	word := words[0]
	switch word {
	case "block", "loop", "if":
		f.open = append(f.open, words[1])
	case "end_block", "end_loop", "end_if":
		if len(f.open) == 0 {
			return fmt.Errorf("the function %s ends a block that is not open", f.name)
		}
		f.close(out)
	case "end_function":
		if len(f.open) > 0 {
			return fmt.Errorf("the function %s ends within a block", f.name)
		}
	}
	out.WriteString(line)
	if !strings.HasPrefix(line, "\t") || strings.HasPrefix(word, ".") {
		return nil // a label, a comment, a directive
	}
	f.dead = word == "br" || word == "return" || word == "unreachable"
	if word == "call" || word == "call_indirect" {
		return f.returnIfUnwinding(out, line)
	}
	return nil
}

// close adds a value, which is never reached, where a block ends that leaves
// one behind but whose last instruction has gone elsewhere: the assembler's
// check of types knows of no dead code.
func (f *function) close(out *bytes.Buffer) {
	last := len(f.open) - 1
	if zero, ok := zeroes[f.open[last]]; ok && f.dead {
		out.WriteString("\t" + zero + "\n")
	}
	f.open = f.open[:last]
}

// zeroes are instructions by the type of what they leave behind.
var zeroes = map[string]string{
	"i32": "i32.const\t0", "i64": "i64.const\t0", "f32": "f32.const\t0x0p0", "f64": "f64.const\t0x0p0",
}

func (f *function) comesBack(line string) bool {
	if strings.HasPrefix(f.name, invoke) {
		return true
	}
	m := callee.FindStringSubmatch(line)
	return m != nil && (strings.HasPrefix(m[1], invoke) || libraryCalls[m[1]] != "")
}

// returnIfUnwinding branches to the end of the function, which takes one value
// where it returns one and drops whatever lies below. (The assembler's check of
// types does not know that and refuses "return"; it also wants the drop, which
// is never reached.)
func (f *function) returnIfUnwinding(out *bytes.Buffer, call string) error {
	if f.comesBack(call) {
		return nil
	}
	out.WriteString("\ti32.const\t0\n\ti32.load\tguest_unwinding\n")
	if f.result == "" {
		fmt.Fprintf(out, "\tbr_if\t%d\n", len(f.open))
		return nil
	}
	zero, ok := zeroes[f.result]
	if !ok {
		return fmt.Errorf("the function %s returns (%s), through which longjmp finds no way", f.name, f.result)
	}
	fmt.Fprintf(out, "\tif\n\t%s\n\tbr\t%d\n\tdrop\n\tend_if\n", zero, len(f.open)+1)
	return nil
}
