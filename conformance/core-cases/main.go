// Writes what the real Go packages answer for many inputs into the case files beside the core tests: `go run .` in this
// folder, then `go run ./json-path` and `go run ./timestamp`.
package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	apival "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/version"
)

// core is the folder that the cases are written to.
const core = "../../packages/bowline/src/core/"

func write(name string, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	// one case a line, to be readable in diffs
	s := strings.ReplaceAll(string(b), "],[", "],\n[")
	if err := os.WriteFile(core+name+".cases.json", []byte(s+"\n"), 0644); err != nil {
		panic(err)
	}
	fmt.Println(name, len(b))
}
func errText(err error) string { return err.Error() }

var rnd = rand.New(rand.NewSource(7))

func pick(xs ...string) string { return xs[rnd.Intn(len(xs))] }
func digits(n int) string {
	s := ""
	for i := 0; i < n; i++ {
		s += string(rune('0' + rnd.Intn(10)))
	}
	return s
}

func quantities() {
	in := []string{"", "0", "00", "-0", "+0", "-", "+", ".", "-.", "5.", ".5", "+5", "005", "1.500", "1.50", "0.500", "0.5", "-0.5", "1000", "1000k", "1500m", "1e3", "1E3", "1e+3", "1e-3", "1E", "1e", "12E6", "1Ei", "8Ei", "7Ei", "-8Ei", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "9223372036854775807Ki", "0.5Ki", "0.1Ki", "0.0001Ki", "1.5Gi", "1.25Ti", "100Ki", "1024Ki", "1023", "1024", "1023Ki", "2048Mi", "1000E", "1000000E", "1e18", "1e19", "1e21", "1e100", "1e4294967296", "1e99999999999999999999", "1e9223372036854775807", "1e-9", "1e-10", "1e-12", "-1e-10", "1n", "0.1n", "1.1n", "-1.1n", "999n", "1000n", "1u", "1.0001u", "1m", "0.001m", "1.2.3", "1 ", " 1", "1x", "1kk", "1m5", "--1", "+-1", "1e", "1e-", "1e+", "1i", "1Kii", "1K", "1ki", "1g", "1KI", "0x10", "NaN", "Inf", "1_000", "1,000", "１", ".Ki", ".Ei", "..", "0Ki", "0.0", "0.0Ki", "0n", "000.000", "1.000", "10.000", "0.000000001", "0.0000000001", "0.0000000009", "123456789012345678", "1234567890123456789", "12345678901234567890", "123456789012345678901234567890", "123456789012345678.9", "1.23456789012345678901", "1234567890123456789Ki", "1.1E", "9.3E", "9.3Ei", "0.1Ei", "1.024k", "1.048576M", "1Pi", "1Ti", "3Mi", "8Ki", "16Ki", "24Ki", "1e1", "10e1", "100e-1", "1e6", "1.5e6", "1.5e7", "1000000000000000000000", "-100m", "-1.5Gi", "-1024", "-1Ki", "1e0", "1E0", "e5", "Ki", "m", "k", "-m"}
	for i := 0; i < 260; i++ {
		s := pick("", "", "", "-", "+")
		s += digits(rnd.Intn(6) + rnd.Intn(2)*rnd.Intn(16))
		if rnd.Intn(2) == 0 {
			s += "." + digits(rnd.Intn(5)+rnd.Intn(2)*rnd.Intn(8))
		}
		s += pick("", "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e3", "e-3", "E2", "e12", "e-7", "e+1", "e-15", "e25")
		in = append(in, s)
	}
	var parse [][]any
	var ok []resource.Quantity
	var okText []string
	seen := map[string]bool{}
	for _, s := range in {
		if seen[s] {
			continue
		}
		seen[s] = true
		q, err := resource.ParseQuantity(s)
		if err != nil {
			parse = append(parse, []any{s, nil, errText(err)})
			continue
		}
		c := q.DeepCopy()
		c.Neg()
		c.Neg() // drops the cached text
		parse = append(parse, []any{s, q.String(), c.String(), string(q.Format), q.Sign()})
		if !strings.Contains(s, "2147") && !strings.Contains(s, "922337") && !strings.Contains(s, "e100") {
			ok = append(ok, q)
			okText = append(okText, s)
		}
	}
	var arith [][]any
	for i := 0; i < 220; i++ {
		a, b := rnd.Intn(len(ok)), rnd.Intn(len(ok))
		x, y := ok[a].DeepCopy(), ok[b].DeepCopy()
		add := x.DeepCopy()
		add.Add(y.DeepCopy())
		sub := x.DeepCopy()
		sub.Sub(y.DeepCopy())
		mul := x.DeepCopy()
		m := int64(rnd.Intn(2001) - 1000)
		mul.Mul(m)
		xc := x.DeepCopy()
		arith = append(arith, []any{okText[a], okText[b], add.String(), sub.String(), m, mul.String(), xc.Cmp(y.DeepCopy())})
	}
	var values [][]any
	for i, q := range ok {
		c := q.DeepCopy()
		if c.Sign() < 0 {
			continue
		} // apimachinery rounds negative decimals the other way
		if c.CmpInt64(9000000000000000) > 0 {
			continue
		} // MilliValue overflows
		v, m := q.DeepCopy(), q.DeepCopy()
		f := q.DeepCopy()
		values = append(values, []any{okText[i], fmt.Sprint(v.Value()), fmt.Sprint(m.MilliValue()), f.AsFloat64Slow()})
	}
	write("quantity", map[string]any{"parse": parse, "arithmetic": arith, "values": values})
}

func selectors() {
	in := []string{"", " ", "a", "!a", "a=b", "a==b", "a!=b", "a = b", "a in (b)", "a in (b,c)", "a in (c,b,c)", "a notin (b)", "a in()", "a in ()", "a in (,)", "a in (,b)", "a in (b,)", "a in (b,,c)", "a in (,,)", "a notin (,a)", "a in (in,notin)", "in in (in)", "notin notin (notin)", "in", "notin", "!in", "in=in", "a>1", "a<5", "a > 1", "a>b", "a>", "a<-3", "a>+3", "a>9223372036854775807", "a>9223372036854775808", "a>1,a<5", "a,b,!c,d=e", "z,a", "z=1,a=2,z=3", "a,", ",a", ",", "a,,b", "a=b,", "!", "!!a", "!a=b", "a b", "a(b)", "a in b", "a in (b", "a in (b c)", "a in", "a in (", "a in (b,", "a in (b,,", "a in (=)", "a in (!)", "a in ((b))", "a notin", "a=b c", "a=(b)", "a=!b", "a=", "a==", "a!=", "a===b", "a=!", "a!b", "a=<b", "a=>b", "a>=1", "a<=1", "a=,b=c", "x=a,y in (b),z notin (),w", "a\tin\n(b)", "\r\na", "a=b\x00c", "a\x00=b", "\x00", "a=\x00", "a\x00,b", "=", "=b", "==b", "(", ")", "a)", ">1", "-a", "a-", "a=-b", "a=b-", "a=.b", "A/b", "a/B", "a/b/c", "/a", "a/", "a.b/c", "a..b/c", "a_b/c", "app.kubernetes.io/name=shop", "a=é", "é=a", "日本", "a in (é)", "a=\"b\"", "a='b'", "a=b:c", "a=b/c", "a%2Cb", "a=b=c", "a=b,a=c", "a notin (b),a in (b)", "a=" + strings.Repeat("x", 63), "a=" + strings.Repeat("x", 64), strings.Repeat("x", 63), strings.Repeat("x", 64), strings.Repeat("y", 253) + "/x", strings.Repeat("y", 254) + "/x", strings.Repeat("é", 40) + "=1", "a=" + strings.Repeat("-", 70), "__proto__=a", "constructor", "toString in (a)", "!hasOwnProperty", "a\\=b", "a=b\\", "a=\u200b", "a=\x07", "a=\x7f", "a=😀", "a=\ue000"}
	words := []string{"a", "b", "in", "notin", "(", ")", ",", "=", "==", "!=", "!", ">", "<", " ", "1", "x.y/z", "-", ""}
	for i := 0; i < 200; i++ {
		s := ""
		for n := rnd.Intn(8) + 1; n > 0; n-- {
			s += words[rnd.Intn(len(words))]
			if rnd.Intn(3) == 0 {
				s += " "
			}
		}
		in = append(in, s)
	}
	for i := 0; i < 60; i++ {
		var reqs []string
		for n := rnd.Intn(3) + 1; n > 0; n-- {
			k := pick("a", "b", "c", "d/e")
			reqs = append(reqs, pick(k, "!"+k, k+"="+pick("1", "2", "x"), k+"!="+pick("1", "2", "x"), k+" in ("+pick("1", "2,1", "x,1", "")+")", k+" notin ("+pick("1", "2", "x,y", "")+")", k+">"+pick("1", "0", "-1"), k+"<"+pick("1", "2", "9")))
		}
		in = append(in, strings.Join(reqs, ","))
	}
	sets := []labels.Set{nil, {"a": "1"}, {"a": "2", "b": "1"}, {"a": "x", "d/e": "1"}, {"b": "", "c": "2"}, {"a": "-5", "c": "x", "d/e": "y"}, {"a": "b", "in": "in", "notin": "notin"}}
	var parse [][]any
	seen := map[string]bool{}
	for _, s := range in {
		if seen[s] {
			continue
		}
		seen[s] = true
		sel, err := labels.Parse(s)
		if err != nil {
			parse = append(parse, []any{s, nil, errText(err)})
			continue
		}
		m := ""
		for _, set := range sets {
			if sel.Matches(set) {
				m += "1"
			} else {
				m += "0"
			}
		}
		parse = append(parse, []any{s, sel.String(), m})
	}
	write("label-selector", map[string]any{"labels": sets, "parse": parse})

	fin := []string{"", ",", "a=b", "a==b", "a!=b", "a", "a=b,c!=d", "c=d,a=b", "=", "==", "!=", "=b", "a=", "a!=", "a===b", "a=!b", "a!b=c", "a=b\\,c", "a=b\\=c", "a=b\\\\", "a=b\\", "a=b\\x", "a=b=c", "a=b,c", ",a=b,", "a = b", "a= b ,c=d", "a\\,b=c", "a\\=b=c", "metadata.name=x,metadata.namespace=y", "metadata.name=é😀", "status.phase!=Running", "a=b,a=c", "a=\n", "b=\ue000,b=😀", "__proto__=x", "a>b", "a=b!=c", "a!=b==c", "a=,b=", "x=\\,\\=\\\\"}
	fw := []string{"a", "b", "c.d", "=", "==", "!=", ",", "\\", "\\,", "\\=", "x"}
	for i := 0; i < 120; i++ {
		s := ""
		for n := rnd.Intn(7) + 1; n > 0; n-- {
			s += fw[rnd.Intn(len(fw))]
		}
		fin = append(fin, s)
	}
	fsets := []fields.Set{{}, {"a": "b"}, {"a": "x", "c.d": ""}, {"b": "x", "c.d": "a"}}
	var fparse [][]any
	seen = map[string]bool{}
	for _, s := range fin {
		if seen[s] {
			continue
		}
		seen[s] = true
		sel, err := fields.ParseSelector(s)
		if err != nil {
			fparse = append(fparse, []any{s, nil, errText(err)})
			continue
		}
		m := ""
		for _, set := range fsets {
			if sel.Matches(set) {
				m += "1"
			} else {
				m += "0"
			}
		}
		fparse = append(fparse, []any{s, sel.String(), m})
	}
	write("field-selector", map[string]any{"fields": fsets, "parse": fparse})
}

func names() {
	in := []string{"", "a", "A", "0", "-", ".", "..", "a-", "-a", "a.b", "a..b", ".a", "a.", "a_b", "a b", "a/b", "a%b", "é", "1a", "a1", "9.9", "*.a", "*.a.b", "*", "*.", "a.*", "a\n", "\n", "..a", "...", "80%", "%", "1.5%", "8080", "http", "http-1", "a--b", "abcdefghijklmnop", "FOO", "FOO_BAR", "_a", "foo=bar", "a:b", "my.env-NAME", "Content-Type", "example.com/a", "example.com/A_b.c-d", "Example.com/a", "a/b/c", "/a", "a/", "a/b_", "x/-y", "ü/x", "my-app-", "a.b-", "a-.b", strings.Repeat("a", 63), strings.Repeat("a", 64), strings.Repeat("a", 253), strings.Repeat("a", 254), strings.Repeat("é", 32), "__proto__", strings.Repeat("a.", 126) + "a", "=", "a=", "~", "\t"}
	ch := "ab0-_./A*%"
	for i := 0; i < 80; i++ {
		s := ""
		for n := rnd.Intn(6) + 1; n > 0; n-- {
			s += string(ch[rnd.Intn(len(ch))])
		}
		in = append(in, s)
	}
	fns := []struct {
		n string
		f func(string) []string
	}{
		{"validateDns1123Label", validation.IsDNS1123Label}, {"validateDns1123Subdomain", validation.IsDNS1123Subdomain}, {"validateDns1035Label", validation.IsDNS1035Label},
		{"validateWildcardDns1123Subdomain", validation.IsWildcardDNS1123Subdomain}, {"validateLabelKey", validation.IsQualifiedName}, {"validateLabelValue", validation.IsValidLabelValue},
		{"validatePathSegmentName", func(s string) []string { return path.ValidatePathSegmentName(s, false) }}, {"validatePathSegmentName/prefix", func(s string) []string { return path.ValidatePathSegmentName(s, true) }},
		{"validateNameIsDns1123Subdomain/prefix", func(s string) []string { return apival.NameIsDNSSubdomain(s, true) }}, {"validateNameIsDns1123Label/prefix", func(s string) []string { return apival.NameIsDNSLabel(s, true) }}, {"validateNameIsDns1035Label/prefix", func(s string) []string { return apival.NameIsDNS1035Label(s, true) }},
		{"validatePortName", validation.IsValidPortName}, {"validatePercent", validation.IsValidPercent}, {"validateHttpHeaderName", validation.IsHTTPHeaderName}, {"validateEnvVarName", validation.IsEnvVarName}, {"validateRelaxedEnvVarName", validation.IsRelaxedEnvVarName},
		{"validateConfigMapKey", validation.IsConfigMapKey}, {"validateCIdentifier", validation.IsCIdentifier},
	}
	// messages are stored once
	var messages []string
	index := map[string]int{}
	seen := map[string]bool{}
	var ins []string
	for _, s := range in {
		if !seen[s] {
			seen[s] = true
			ins = append(ins, s)
		}
	}
	results := map[string][][]int{}
	for _, f := range fns {
		for _, s := range ins {
			r := []int{}
			for _, m := range f.f(s) {
				if _, ok := index[m]; !ok {
					index[m] = len(messages)
					messages = append(messages, m)
				}
				r = append(r, index[m])
			}
			results[f.n] = append(results[f.n], r)
		}
	}
	write("names", map[string]any{"inputs": ins, "messages": messages, "results": results})
	var quoted [][]any
	for _, s := range []string{"", "a", "\"", "\\", "\x00", "\x07\b\f\n\r\t\v", "\x1f\x7f", "é", "\u00a0", "\u200b", "\u2028", "日本", "😀", "\U000e0001", "\ue000", "\u0301", "a\u00ad"} {
		quoted = append(quoted, []any{s, fmt.Sprintf("%q", s)})
	}
	write("go-text", map[string]any{"quoted": quoted})
}

func durations() {
	in := []string{"", "0", "+0", "-0", "1", "s", "1s", "-1s", "+1s", "1.5h", "1h15m30.918s", ".5s", "1.s", ".s", "1m", "300ms", "1us", "1µs", "1μs", "1ns", "1.1ns", "0.9ns", "0.000000001h", "1d", "1 s", "1h 2m", "1h2", "9223372036854775807ns", "9223372036854775808ns", "-9223372036854775808ns", "-9223372036854775809ns", "9223372036854775.807us", "2562047h47m16.854775807s", "2562047h47m16.854775808s", "-2562047h47m16.854775808s", "2562048h", "3000000h", "99999999999999999999s", "0.3333333333333333333h", "0.100000000000000000000h", "0.830103483285477580700h", "9007199254.740993ms", "1h1h", "1s1ms1us1ns", "1.2.3s", "--1s", "1S", "1e3s", "１s", "1\"s", "1\\x", "1\ns", "-", "+", ".", "1.", "é", "1é", "60m", "59.999999999s", "100h", "24h0m0s", "1ms1", "0s", "0.0s", "1us500ns", "39h9m14.425s"}
	for i := 0; i < 120; i++ {
		s := pick("", "", "-", "+")
		for n := rnd.Intn(3) + 1; n > 0; n-- {
			s += digits(rnd.Intn(4) + 1)
			if rnd.Intn(2) == 0 {
				s += "." + digits(rnd.Intn(12))
			}
			s += pick("h", "m", "s", "ms", "us", "ns", "µs")
		}
		in = append(in, s)
	}
	var parse [][]any
	seen := map[string]bool{}
	for _, s := range in {
		if seen[s] {
			continue
		}
		seen[s] = true
		d, err := time.ParseDuration(s)
		if err != nil {
			parse = append(parse, []any{s, nil, errText(err)})
			continue
		}
		parse = append(parse, []any{s, fmt.Sprint(int64(d)), d.String()})
	}
	var format [][]any
	for i := 0; i < 60; i++ {
		d := time.Duration(rnd.Int63() >> uint(rnd.Intn(63)))
		if rnd.Intn(2) == 0 {
			d = -d
		}
		format = append(format, []any{fmt.Sprint(int64(d)), d.String()})
	}
	write("duration", map[string]any{"parse": parse, "format": format})
	vs := []string{"v1", "v2", "v10", "v1beta1", "v1beta2", "v2beta1", "v1alpha1", "v2alpha1", "v11alpha2", "foo1", "foo10", "v", "V1", "v1beta", "v01", "v1gamma1", "", "v99999999999999999999", "v1beta99999999999999999999", "1", "v1beta10"}
	var cmp [][]any
	for _, a := range vs {
		for _, b := range vs {
			c := version.CompareKubeAwareVersionStrings(a, b)
			if c > 0 {
				c = 1
			} else if c < 0 {
				c = -1
			}
			cmp = append(cmp, []any{a, b, c})
		}
	}
	write("group-version-kind", cmp)
}

func main() { quantities(); selectors(); names(); durations() }
