package main

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

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
	for _, s := range unique(in) {
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
