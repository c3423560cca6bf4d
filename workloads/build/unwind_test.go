package build

import (
	"strings"
	"testing"
)

// A function in assembly as the compiler writes it: of two blocks, one of which
// leaves a value behind.
const assembly = "\t.functype\tother (i32) -> ()\n" +
	"\t.type\tf,@function\n" +
	"f:                                      # @f\n" +
	"\t.functype\tf (i32) -> (f64)\n" +
	"\tlocal.get\t0\n" +
	"\tcall\tother\n" +
	".LBB0_1:                                # label\n" +
	"\tloop    \tf64                             # label0:\n" +
	"\tblock   \t\n" +
	"\tcall\tlate\n" +
	"\tdrop\n" +
	"\tend_block                               # label1:\n" +
	"\tcall\tinvoke_vi\n" +
	"\tcall_indirect\t__indirect_function_table, () -> ()\n" +
	"\tbr      \t0                               # 0: up to label0\n" +
	".LBB0_2:\n" +
	"\tend_loop\n" +
	"\tend_function\n" +
	"invoke_vi:\n" +
	"\t.functype\tinvoke_vi (i32, i32) -> ()\n" +
	"\tcall\tother\n" +
	"\tend_function\n" +
	"late:\n" +
	"\t.functype\tlate () -> (i32)\n" +
	"\tcall\tpow\n" +
	"\tcall\tother\n" +
	"\tend_function\n"

func TestAddReturns(t *testing.T) {
	out, err := addReturns([]byte(assembly))
	if err != nil {
		t.Fatal(err)
	}
	leave := func(zero, depth string) string {
		return "\ti32.const\t0\n\ti32.load\tguest_unwinding\n\tif\n\t" + zero + "\n\tbr\t" + depth + "\n\tdrop\n\tend_if\n"
	}
	rest := string(out)
	for _, want := range []string{
		"\t.functype\tlate () -> (i32)\n", "\t.functype\tpow (f64, f64) -> (f64)\n",
		"\tcall\tother\n" + leave("f64.const\t0x0p0", "1"),
		"\tcall\tlate\n" + leave("f64.const\t0x0p0", "3"),
		"\tcall\tinvoke_vi\n\tcall_indirect\t__indirect_function_table, () -> ()\n" + leave("f64.const\t0x0p0", "2"),
		".LBB0_2:\n\tf64.const\t0x0p0\n\tend_loop\n",
		"-> ()\n\tcall\tother\n\tend_function\n",
		"\tcall\tpow\n\tcall\tother\n" + leave("i32.const\t0", "1"),
	} {
		_, after, ok := strings.Cut(rest, want)
		if !ok {
			t.Fatalf("%q is not in\n%s", want, rest)
		}
		rest = after
	}
}

func TestAddReturnsRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"two results":   {"f:\n\t.functype\tf () -> (i32, i32)\n\tcall\tg\n", "longjmp finds no way"},
		"an open block": {"f:\n\t.functype\tf () -> ()\n\tblock\n\tend_function\n", "ends within a block"},
		"no open block": {"f:\n\t.functype\tf () -> ()\n\tend_block\n", "not open"},
	} {
		if _, err := addReturns([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error about %q", name, err, c.want)
		}
	}
}
