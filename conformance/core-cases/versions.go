package main

import "k8s.io/apimachinery/pkg/version"

func versions() {
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
