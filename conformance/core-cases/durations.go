package main

import (
	"fmt"
	"time"
)

func durations() {
	in := []string{"", "0", "+0", "-0", "1", "s", "1s", "-1s", "+1s", "1.5h", "1h15m30.918s", ".5s", "1.s", ".s", "1m", "300ms", "1us", "1µs", "1μs", "1ns", "1.1ns", "0.9ns", "0.000000001h", "1d", "1 s", "1h 2m", "1h2", "9223372036854775807ns", "9223372036854775808ns", "-9223372036854775808ns", "-9223372036854775809ns", "9223372036854775.807us", "2562047h47m16.854775807s", "2562047h47m16.854775808s", "-2562047h47m16.854775808s", "2562048h", "3000000h", "99999999999999999999s", "0.3333333333333333333h", "0.100000000000000000000h", "0.830103483285477580700h", "9007199254.740993ms", "1h1h", "1s1ms1us1ns", "1.2.3s", "--1s", "1S", "1e3s", "１s", "1\"s", "1\\x", "1\ns", "-", "+", ".", "1.", "é", "1é", "60m", "59.999999999s", "100h", "24h0m0s", "1ms1", "0s", "0.0s", "1us500ns", "39h9m14.425s"}
	for i := 0; i < 120; i++ {
		in = append(in, pick("", "", "-", "+")+repeated(3, func() string {
			part := digits(rnd.Intn(4) + 1)
			if rnd.Intn(2) == 0 {
				part += "." + digits(rnd.Intn(12))
			}
			return part + pick("h", "m", "s", "ms", "us", "ns", "µs")
		}))
	}
	var parse [][]any
	for _, s := range unique(in) {
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
}
