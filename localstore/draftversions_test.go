package localstore

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestThin(t *testing.T) {
	const now = int64(1_000_000_000) // 2001-09-09 01:46:40
	same := func(ages ...int64) (v []version) {
		for _, age := range ages {
			v = append(v, version{now - age, 100})
		}
		return v
	}
	for _, c := range []struct {
		name     string
		versions []version
		gone     []int64 // ages
	}{
		{"none", nil, nil},
		{"one, long ago", same(10_000_000), nil},
		{"all of the last minute", same(0, 2, 4, 6, 30, 58, 60), nil},
		{"one a minute", same(0, 101, 103, 105, 162, 164), []int64{103, 105, 164}},
		{"one in ten minutes", same(0, 1001, 1061, 1121, 2000), []int64{1061, 1121}},
		{"one an hour", same(0, 4000, 4600, 6399, 6401), []int64{4600, 6399}},
		{"one a day", same(0, 100_000, 105_000, 200_000), []int64{105_000}},
		{"before a big deletion, and what it left", []version{{now, 990}, {now - 100, 1000}, {now - 102, 400}, {now - 104, 1000}, {now - 106, 999}}, []int64{106}},
		{"half of a short text", []version{{now, 30}, {now - 100, 35}, {now - 102, 10}, {now - 104, 30}, {now - 106, 29}}, []int64{106}},
	} {
		var ages []int64
		for _, at := range thin(c.versions, now) {
			ages = append(ages, now-at)
		}
		slices.Sort(ages)
		if !slices.Equal(ages, c.gone) {
			t.Errorf("%s: gone are %v, want %v", c.name, ages, c.gone)
		}
	}
}

// However a draft is written, thinning after every version keeps the newest,
// keeps a bounded number, and drops nothing of the last minute while that is
// less than the bound.
func TestThinWhileWriting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var kept []version // newest first
		now := int64(1_000_000_000)
		for range rapid.IntRange(1, 300).Draw(t, "versions") {
			now += rapid.SampledFrom([]int64{2, 2, 2, 2, 7, 61, 700, 5000, 100_000}).Draw(t, "pause")
			kept = append([]version{{now, rapid.IntRange(0, 3000).Draw(t, "length")}}, kept...)
			before := slices.Clone(kept)
			gone := thin(kept, now)
			kept = slices.DeleteFunc(kept, func(v version) bool { return slices.Contains(gone, v.at) })
			if kept[0].at != now {
				t.Fatal("the newest version is gone")
			}
			if len(kept) > 3*keptVersions {
				t.Fatalf("%d versions are kept", len(kept))
			}
			for i, v := range before {
				if now-v.at <= 60 && i < keptVersions && slices.Contains(gone, v.at) {
					t.Fatalf("a version of %d seconds ago is gone", now-v.at)
				}
			}
		}
	})
}
