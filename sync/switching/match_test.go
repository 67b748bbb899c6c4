package switching

import (
	"testing"

	"pgregory.net/rapid"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

// TestEqualMailsAreMatchedAsOftenAsBothSidesHaveThem, each once, and never two of
// which both complete headers are known and differ.
func TestEqualMailsAreMatchedAsOftenAsBothSidesHaveThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hash := func(label string, from int) (h [32]byte) {
			h[0] = byte(rapid.IntRange(from, 3).Draw(t, label))
			return h
		}
		var here []mine
		for i := range rapid.IntRange(0, 8).Draw(t, "here") {
			here = append(here, mine{Recognisable: localstore.Recognisable{Message: localstore.MessageID(i + 1), Ord: localstore.Ord(i), FieldsHash: hash("fields", 1), HeaderHash: hash("header", 0)}, rank: i % 2})
		}
		var there []hashes
		for range rapid.IntRange(0, 8).Draw(t, "there") {
			there = append(there, hashes{hash("fields", 0), hash("header", 0)})
		}
		mineUsed, thereUsed := map[int]bool{}, map[int]bool{}
		for _, p := range match(here, there) {
			a, b := here[p.mine], there[p.there]
			if mineUsed[p.mine] || thereUsed[p.there] {
				t.Fatalf("%v is matched twice", p)
			}
			mineUsed[p.mine], thereUsed[p.there] = true, true
			if a.FieldsHash != b.fields || a.HeaderHash != none && b.header != none && a.HeaderHash != b.header {
				t.Errorf("%v and %v are two mails", a, b)
			}
			if p.proven != (a.HeaderHash != none && a.HeaderHash == b.header) {
				t.Errorf("%v: proven %v", p, p.proven)
			}
		}
		// With every complete header known they are matched as multisets.
		left := map[hashes]int{}
		for j, h := range there {
			if !thereUsed[j] && h.header != none && h.fields != none {
				left[h]++
			}
		}
		for i, m := range here {
			if !mineUsed[i] && m.HeaderHash != none && left[hashes{m.FieldsHash, m.HeaderHash}] > 0 {
				t.Errorf("%v is here and there, and not matched", m)
			}
		}
	})
}

// TestPatternsReadWhatServersWrite.
func TestPatternsReadWhatServersWrite(t *testing.T) {
	const validity = 1_700_000_001
	m := fakeserver.Message{UID: 4_294_967_290}
	for i, uidl := range []string{fakepop.UIDLDovecot(validity, m), fakepop.UIDLUW(validity, m), fakepop.UIDLCyrus(validity, m), fakepop.UIDLCourier(validity, m)} {
		if v, u, ok := patterns[i].read(uidl); !ok || v != validity || u != m.UID {
			t.Errorf("%s reads %q as %d, %d, %v", patterns[i].name, uidl, v, u, ok)
		}
	}
	for n := range 20 {
		at := spread(n)
		for i := 1; i < len(at); i++ {
			if at[i] <= at[i-1] || at[i] >= n {
				t.Errorf("of %d: %v", n, at)
			}
		}
		if len(at) != min(n, mostSamples) {
			t.Errorf("of %d: %v", n, at)
		}
	}
}

func FuzzUIDL(f *testing.F) {
	f.Add("000000016553F101")
	f.Add("UID1-1700000001")
	f.Add("1700000001.1")
	f.Fuzz(func(t *testing.T, uidl string) {
		for _, p := range patterns {
			p.read(uidl)
		}
	})
}
