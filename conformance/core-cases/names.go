package main

import (
	"fmt"
	"strings"

	apival "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	"k8s.io/apimachinery/pkg/util/validation"
)

func names() {
	in := []string{"", "a", "A", "0", "-", ".", "..", "a-", "-a", "a.b", "a..b", ".a", "a.", "a_b", "a b", "a/b", "a%b", "é", "1a", "a1", "9.9", "*.a", "*.a.b", "*", "*.", "a.*", "a\n", "\n", "..a", "...", "80%", "%", "1.5%", "8080", "http", "http-1", "a--b", "abcdefghijklmnop", "FOO", "FOO_BAR", "_a", "foo=bar", "a:b", "my.env-NAME", "Content-Type", "example.com/a", "example.com/A_b.c-d", "Example.com/a", "a/b/c", "/a", "a/", "a/b_", "x/-y", "ü/x", "my-app-", "a.b-", "a-.b", strings.Repeat("a", 63), strings.Repeat("a", 64), strings.Repeat("a", 253), strings.Repeat("a", 254), strings.Repeat("é", 32), "__proto__", strings.Repeat("a.", 126) + "a", "=", "a=", "~", "\t"}
	ch := "ab0-_./A*%"
	for i := 0; i < 80; i++ {
		in = append(in, repeated(6, func() string { return string(ch[rnd.Intn(len(ch))]) }))
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
	ins := unique(in)
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
}

func goTexts() {
	var quoted [][]any
	for _, s := range []string{"", "a", "\"", "\\", "\x00", "\x07\b\f\n\r\t\v", "\x1f\x7f", "é", "\u00a0", "\u200b", "\u2028", "日本", "😀", "\U000e0001", "\ue000", "\u0301", "a\u00ad"} {
		quoted = append(quoted, []any{s, fmt.Sprintf("%q", s)})
	}
	write("go-text", map[string]any{"quoted": quoted})
}
