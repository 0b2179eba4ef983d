package main

import (
	"strings"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
)

func labelSelectors() {
	in := []string{"", " ", "a", "!a", "a=b", "a==b", "a!=b", "a = b", "a in (b)", "a in (b,c)", "a in (c,b,c)", "a notin (b)", "a in()", "a in ()", "a in (,)", "a in (,b)", "a in (b,)", "a in (b,,c)", "a in (,,)", "a notin (,a)", "a in (in,notin)", "in in (in)", "notin notin (notin)", "in", "notin", "!in", "in=in", "a>1", "a<5", "a > 1", "a>b", "a>", "a<-3", "a>+3", "a>9223372036854775807", "a>9223372036854775808", "a>1,a<5", "a,b,!c,d=e", "z,a", "z=1,a=2,z=3", "a,", ",a", ",", "a,,b", "a=b,", "!", "!!a", "!a=b", "a b", "a(b)", "a in b", "a in (b", "a in (b c)", "a in", "a in (", "a in (b,", "a in (b,,", "a in (=)", "a in (!)", "a in ((b))", "a notin", "a=b c", "a=(b)", "a=!b", "a=", "a==", "a!=", "a===b", "a=!", "a!b", "a=<b", "a=>b", "a>=1", "a<=1", "a=,b=c", "x=a,y in (b),z notin (),w", "a\tin\n(b)", "\r\na", "a=b\x00c", "a\x00=b", "\x00", "a=\x00", "a\x00,b", "=", "=b", "==b", "(", ")", "a)", ">1", "-a", "a-", "a=-b", "a=b-", "a=.b", "A/b", "a/B", "a/b/c", "/a", "a/", "a.b/c", "a..b/c", "a_b/c", "app.kubernetes.io/name=shop", "a=é", "é=a", "日本", "a in (é)", "a=\"b\"", "a='b'", "a=b:c", "a=b/c", "a%2Cb", "a=b=c", "a=b,a=c", "a notin (b),a in (b)", "a=" + strings.Repeat("x", 63), "a=" + strings.Repeat("x", 64), strings.Repeat("x", 63), strings.Repeat("x", 64), strings.Repeat("y", 253) + "/x", strings.Repeat("y", 254) + "/x", strings.Repeat("é", 40) + "=1", "a=" + strings.Repeat("-", 70), "__proto__=a", "constructor", "toString in (a)", "!hasOwnProperty", "a\\=b", "a=b\\", "a=\u200b", "a=\x07", "a=\x7f", "a=😀", "a=\ue000"}
	words := []string{"a", "b", "in", "notin", "(", ")", ",", "=", "==", "!=", "!", ">", "<", " ", "1", "x.y/z", "-", ""}
	for i := 0; i < 200; i++ {
		in = append(in, repeated(8, func() string {
			word := pick(words...)
			if rnd.Intn(3) == 0 {
				word += " "
			}
			return word
		}))
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
	for _, s := range unique(in) {
		sel, err := labels.Parse(s)
		if err != nil {
			parse = append(parse, []any{s, nil, errText(err)})
			continue
		}
		parse = append(parse, []any{s, sel.String(), matches(sets, func(set labels.Set) bool { return sel.Matches(set) })})
	}
	write("label-selector", map[string]any{"labels": sets, "parse": parse})
}

func fieldSelectors() {
	in := []string{"", ",", "a=b", "a==b", "a!=b", "a", "a=b,c!=d", "c=d,a=b", "=", "==", "!=", "=b", "a=", "a!=", "a===b", "a=!b", "a!b=c", "a=b\\,c", "a=b\\=c", "a=b\\\\", "a=b\\", "a=b\\x", "a=b=c", "a=b,c", ",a=b,", "a = b", "a= b ,c=d", "a\\,b=c", "a\\=b=c", "metadata.name=x,metadata.namespace=y", "metadata.name=é😀", "status.phase!=Running", "a=b,a=c", "a=\n", "b=\ue000,b=😀", "__proto__=x", "a>b", "a=b!=c", "a!=b==c", "a=,b=", "x=\\,\\=\\\\"}
	words := []string{"a", "b", "c.d", "=", "==", "!=", ",", "\\", "\\,", "\\=", "x"}
	for i := 0; i < 120; i++ {
		in = append(in, repeated(7, func() string { return pick(words...) }))
	}
	sets := []fields.Set{{}, {"a": "b"}, {"a": "x", "c.d": ""}, {"b": "x", "c.d": "a"}}
	var parse [][]any
	for _, s := range unique(in) {
		sel, err := fields.ParseSelector(s)
		if err != nil {
			parse = append(parse, []any{s, nil, errText(err)})
			continue
		}
		parse = append(parse, []any{s, sel.String(), matches(sets, func(set fields.Set) bool { return sel.Matches(set) })})
	}
	write("field-selector", map[string]any{"fields": sets, "parse": parse})
}

// matches has a 1 or 0 for each of the sets.
func matches[Set any](sets []Set, match func(Set) bool) string {
	m := ""
	for _, set := range sets {
		if match(set) {
			m += "1"
		} else {
			m += "0"
		}
	}
	return m
}
