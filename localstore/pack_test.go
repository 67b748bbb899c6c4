package localstore

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// pack is the last pack of the fixture's account.
func (f *fixture) pack() (p Pack) {
	f.t.Helper()
	f.read(func(v *View) (err error) {
		var ok bool
		if p, ok, err = v.PackOf(f.account); err == nil && !ok {
			f.t.Fatal("there is no pack")
		}
		return err
	})
	return p
}

func (f *fixture) receipt() (r PackReceipt) {
	f.t.Helper()
	p := f.pack()
	f.read(func(v *View) (err error) {
		r, err = v.PackReceipt(p)
		return err
	})
	return r
}

func (f *fixture) begin(c PackChoice) {
	f.t.Helper()
	f.write(func(tx *Tx) error {
		if err := tx.BeginPack(f.account, c, f.clock.Now()); err != nil {
			return err
		}
		return tx.SettlePack(f.account)
	})
}

// ranked are the pack's wishes in their order.
func (f *fixture) ranked() (out []Wish) {
	f.t.Helper()
	f.read(func(v *View) (err error) {
		out, err = v.PackWishes(f.account, 100)
		return err
	})
	return out
}

// put at a time, with flags.
func (f *fixture) arrive(folder FolderID, ago time.Duration, flags Flags, c NewContent) Message {
	f.t.Helper()
	var id MessageID
	f.write(func(tx *Tx) error {
		content, err := tx.AddContent(c)
		if err != nil {
			return err
		}
		id, err = tx.AddMessage(NewMessage{Folder: folder, Content: content, Arrived: day.Add(-ago), Flags: flags})
		return err
	})
	return f.message(id)
}

// text makes the text of a mail be here, with two attachments on the server.
func (f *fixture) text(m Message) {
	f.t.Helper()
	blob := f.blob("text")
	f.write(func(tx *Tx) error {
		return tx.SetText(m.Content, []Part{
			{Section: "TEXT", Type: "multipart/mixed"},
			{Section: "1", Type: "text/plain; charset=utf-8", Size: 4, Blob: blob},
			{Section: "2", Type: "application/pdf", Name: "small.pdf", Encoding: "base64", Size: 1000},
			{Section: "3", Type: "image/png", Name: "large.png", Encoding: "base64", Size: 90000},
			{Section: "4", Type: "message/rfc822", Name: "letter.eml", Size: 2000},
			{Section: "4.1", Type: "application/zip", Name: "inner.zip", Size: 500},
		}, "text", 3)
	})
}

func TestAPackAsksForUnreadMailFirstAndTextsBeforeAttachments(t *testing.T) {
	f := newFixture(t, IMAP)
	read := f.arrive(f.inbox, time.Hour, Seen, f.content())
	old := f.arrive(f.inbox, 48*time.Hour, 0, f.content())
	young := f.arrive(f.archive, 2*time.Hour, 0, f.content())
	f.arrive(f.trash, 0, 0, f.content())
	half := f.arrive(f.inbox, 3*time.Hour, 0, f.content())
	f.text(half)
	asked := f.arrive(f.inbox, 4*time.Hour, Seen, f.content())
	f.write(func(tx *Tx) error { return tx.Want(asked.Content, WishText) })
	f.begin(PackChoice{Attachments: 5000})
	var order []string
	for _, w := range f.ranked() {
		switch w.Content {
		case read.Content:
			order = append(order, "read "+w.Section)
		case old.Content:
			order = append(order, "old "+w.Section)
		case young.Content:
			order = append(order, "young "+w.Section)
		case half.Content:
			order = append(order, "half "+w.Section)
		default:
			order = append(order, "other "+w.Section)
		}
	}
	if want := []string{"young text", "old text", "read text", "half 2", "half 4"}; !slices.Equal(order, want) {
		t.Errorf("%q, want %q", order, want)
	}
	f.text(young)
	if last := f.ranked(); last[len(last)-1].Content != half.Content || last[2].Section != "2" || last[2].Content != young.Content {
		t.Errorf("%+v", last)
	}
	f.read(func(v *View) error {
		first, err := v.Wishes(f.account)
		if len(first) == 0 || first[0].Content != asked.Content || first[0].Rank != 0 {
			t.Errorf("what a person waits for is not first: %+v", first)
		}
		return err
	})
	f.write(func(tx *Tx) error { return tx.Want(old.Content, WishText) }) // a click
	f.read(func(v *View) error {
		people, err := v.Asked(f.account)
		if len(people) != 2 {
			t.Errorf("%+v", people)
		}
		return err
	})
}

func TestWhatAChoiceChooses(t *testing.T) {
	f := newFixture(t, IMAP)
	young := f.arrive(f.inbox, time.Hour, 0, f.content())
	old := f.arrive(f.inbox, 100*24*time.Hour, 0, f.content())
	starred := f.arrive(f.archive, 200*24*time.Hour, Flagged, f.content())
	answer := f.content()
	answer.References = []string{"1@example.org"}
	answered := f.arrive(f.archive, 300*24*time.Hour, Seen, answer)
	for _, m := range []Message{young, answered} {
		f.write(func(tx *Tx) error { _, err := tx.AssignThread(m.Content); return err })
	}
	for _, c := range []struct {
		name   string
		choice PackChoice
		want   []Message
	}{
		{"everything", PackChoice{}, []Message{young, old, starred, answered}},
		{"a folder", PackChoice{Folders: []FolderID{f.inbox}}, []Message{young, old}},
		{"days", PackChoice{Days: 30}, []Message{young}},
		{"days and what is flagged", PackChoice{Days: 30, Flagged: true}, []Message{young, starred}},
		{"only what is flagged", PackChoice{Flagged: true}, []Message{starred}},
		{"whole threads", PackChoice{Days: 30, Threads: true}, []Message{young, answered}},
	} {
		var got []MessageID
		f.read(func(v *View) error {
			all, err := v.chosen(f.account, c.choice)
			for _, m := range all {
				got = append(got, m.message)
			}
			plan, failed := v.PlanPack(f.account, c.choice)
			if failed != nil || plan.Messages != len(all) || plan.Bytes == 0 {
				t.Errorf("%s: plan %+v, %v", c.name, plan, failed)
			}
			return err
		})
		var want []MessageID
		for _, m := range c.want {
			want = append(want, m.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", c.name, got, want)
		}
	}
}

// TestEveryMissingItemHasItsReason ends a pack in which everything happened.
func TestEveryMissingItemHasItsReason(t *testing.T) {
	f := newFixture(t, IMAP)
	arrive := func() Message { return f.arrive(f.inbox, time.Hour, 0, f.content()) }
	_, refused, gone, budget, parts := f.arrive(f.inbox, time.Hour, 0, f.whole(f.content())), arrive(), arrive(), arrive(), arrive()
	f.begin(PackChoice{Attachments: 5000, Budget: 2_000_000})
	if r := f.receipt(); r.Messages != 5 || r.Readable != 1 || len(r.Missing) != 4 || r.Missing[0].Reason != PackNotYet {
		t.Errorf("under way: %+v", r)
	}
	f.text(parts)
	f.read(func(v *View) error {
		messages, readable, err := v.PackReadable(f.account)
		if messages != 5 || readable != 2 {
			t.Errorf("%d of %d", readable, messages)
		}
		return err
	})
	f.write(func(tx *Tx) error {
		if err := tx.FailWish(refused.Content, WishText, "The server refused: busy."); err != nil {
			return err
		}
		if err := tx.RemoveMessage(gone.ID); err != nil {
			return err
		}
		if err := tx.FailOverBudget(budget.Content, WishText, 2_000_000); err != nil {
			return err
		}
		return tx.SetPart(parts.Content, "2", f.blob("pdf"))
	})
	f.write(func(tx *Tx) error {
		if err := tx.SpendPack(f.account, 1234); err != nil {
			return err
		}
		return tx.FailWish(parts.Content, "4", "The server refused: no.")
	})
	if p := f.pack(); p.UnderWay() || p.Spent != 1234 {
		t.Errorf("%+v", p)
	}
	r := f.receipt()
	if r.Messages != 5 || r.Readable != 2 || r.Attachments != 1 || r.AttachmentsSkipped != 2 || r.Bytes != 1234 {
		t.Errorf("%+v", r)
	}
	why := map[string]string{}
	for _, m := range r.Missing {
		key := m.Part
		switch {
		case key != "":
		case m.ID == refused.ID:
			key = "refused"
		case m.ID == gone.ID:
			key = "gone"
		case m.ID == budget.ID:
			key = "budget"
		}
		why[key] = m.Reason
	}
	for key, want := range map[string]string{"refused": "busy", "gone": "deleted on the server", "budget": "budget of 2 MB", "3": "larger than the 5 KB", "4": "refused: no."} {
		if !strings.Contains(why[key], want) {
			t.Errorf("%s: %q, want %q", key, why[key], want)
		}
	}
	if len(r.Missing) != 5 {
		t.Errorf("%+v", r.Missing)
	}
	f.read(func(v *View) error {
		left, err := v.Wishes(f.account)
		if len(left) != 0 {
			t.Errorf("wishes are left: %+v", left)
		}
		return err
	})
}

func TestAPackGoesOnAfterACrash(t *testing.T) {
	f := newFixture(t, IMAP)
	first, second := f.arrive(f.inbox, time.Hour, 0, f.content()), f.arrive(f.inbox, 2*time.Hour, 0, f.content())
	choice := PackChoice{Attachments: AllAttachments, Budget: 10_000}
	f.begin(choice)
	f.text(first)
	half, at := f.blob("half of it"), BegunAt{f.remote(f.inbox), 7, 1, 5000}
	f.write(func(tx *Tx) error {
		if err := tx.SetBegun(Begun{first.Content, "3", half, at}); err != nil {
			return err
		}
		return tx.SpendPack(f.account, 4000)
	})
	third := f.arrive(f.inbox, 3*time.Hour, 0, f.content())
	begun := f.pack().Begun
	f.clock.Advance(time.Hour)
	f.begin(choice)
	p := f.pack()
	if p.Spent != 4000 || !p.Begun.Equal(begun) || p.Open != 5 || p.Total != 6 {
		t.Errorf("%+v", p)
	}
	var order []ContentID
	for _, w := range f.ranked() {
		order = append(order, w.Content)
	}
	var kept Begun
	f.read(func(v *View) (err error) {
		kept, _, err = v.Begun(first.Content, "3")
		return err
	})
	if want := []ContentID{second.Content, third.Content, first.Content, first.Content, first.Content}; !slices.Equal(order, want) || kept.Blob != half || kept.At != at {
		t.Errorf("%v, want %v; the attachment goes on at %+v", order, want, kept)
	}
	choice.Budget++
	f.begin(choice)
	if p := f.pack(); p.Spent != 0 || p.Begun.Equal(begun) {
		t.Errorf("another choice: %+v", p)
	}
	f.write(func(tx *Tx) error { return tx.EndPack(f.account) })
	if p := f.pack(); p.UnderWay() || len(f.ranked()) != 0 {
		t.Errorf("%+v", p)
	}
}

// TestAMessageAtWhichConnectionsBreakIsNamed: it comes last, and at the third
// time it fails.
func TestAMessageAtWhichConnectionsBreakIsNamed(t *testing.T) {
	f := newFixture(t, IMAP)
	bad, good := f.arrive(f.inbox, time.Hour, 0, f.content()), f.arrive(f.inbox, 2*time.Hour, 0, f.content())
	f.begin(PackChoice{})
	try := func() {
		f.write(func(tx *Tx) error { return tx.TryPack(bad.Content, WishText, "The connection breaks.") })
	}
	try()
	if all := f.ranked(); len(all) != 2 || all[0].Content != bad.Content || all[0].Tries != 1 {
		t.Fatalf("%+v", all)
	}
	try()
	if all := f.ranked(); len(all) != 2 || all[0].Content != good.Content {
		t.Fatalf("%+v", all)
	}
	try()
	if all := f.ranked(); len(all) != 1 || all[0].Content != good.Content {
		t.Fatalf("%+v", all)
	}
	f.text(good)
	if r := f.receipt(); r.Missing[0].ID != bad.ID || r.Missing[0].Reason != "The connection breaks." || r.Readable != 1 {
		t.Errorf("%+v", r)
	}
}

func TestAPackOfAMaildropFetchesWholeMailsWithinItsBudget(t *testing.T) {
	f := newFixture(t, POP)
	large := f.content()
	large.Size = 900_000
	one, two := f.arrive(f.inbox, time.Hour, 0, large), f.arrive(f.inbox, 2*time.Hour, 0, func() NewContent { c := f.content(); c.Size = 200_000; return c }())
	f.begin(PackChoice{Budget: 500_000})
	if all := f.ranked(); len(all) != 1 || all[0].Content != two.Content || all[0].Section != WishWhole {
		t.Fatalf("%+v", all)
	}
	c := f.whole(f.content())
	f.write(func(tx *Tx) error { return tx.SetWhole(two.Content, c) })
	if r := f.receipt(); r.Readable != 1 || len(r.Missing) != 1 || r.Missing[0].ID != one.ID || !strings.Contains(r.Missing[0].Reason, "budget") {
		t.Errorf("%+v", r)
	}
}

func TestNothingToFetchEndsAtOnce(t *testing.T) {
	f := newFixture(t, IMAP)
	f.arrive(f.inbox, time.Hour, 0, f.whole(f.content()))
	f.begin(PackChoice{Attachments: AllAttachments})
	if r := f.receipt(); f.pack().UnderWay() || r.Readable != 1 || len(r.Missing) != 0 {
		t.Errorf("%+v", r)
	}
}

// TestThePlanCountsAttachmentsOfTextsThatAreHere and no others.
func TestThePlanCountsAttachmentsOfTextsThatAreHere(t *testing.T) {
	f := newFixture(t, IMAP)
	f.text(f.arrive(f.inbox, time.Hour, 0, f.content()))
	for limit, want := range map[int64]int64{0: 0, 1000: 1833, AllAttachments: 1833 + 120_500 + 3166} {
		f.read(func(v *View) error {
			plan, err := v.PlanPack(f.account, PackChoice{Attachments: limit})
			if plan.Readable != 1 || plan.Bytes != want {
				t.Errorf("up to %d: %+v, want %d", limit, plan, want)
			}
			return err
		})
	}
}

func TestTrafficAddsUpByDay(t *testing.T) {
	f := newFixture(t, IMAP)
	add := func(id AccountID, at time.Time, up, down int64) {
		f.write(func(tx *Tx) error { return tx.AddTraffic(id, at, up, down) })
	}
	add(f.account, day, 1, 20)
	add(f.account, day.Add(time.Hour), 2, 30)
	add(f.account, day.AddDate(0, 0, -1), 5, 5)
	add(f.account, day.AddDate(0, 0, -40), 5, 5)
	add(999, day, 7, 7) // an account that is gone
	var got []Traffic
	f.read(func(v *View) (err error) {
		got, err = v.TrafficSince(day.AddDate(0, 0, -29))
		return err
	})
	if len(got) != 2 || got[0] != (Traffic{f.account, "2026-03-04", 3, 50}) || got[1].Down != 5 {
		t.Errorf("%+v", got)
	}
}

func TestTextOnlyIsKept(t *testing.T) {
	f := newFixture(t, IMAP)
	for _, on := range []bool{true, false} {
		f.write(func(tx *Tx) error { return tx.SetTextOnly(on) })
		f.read(func(v *View) error {
			got, err := v.TextOnly()
			if got != on {
				t.Errorf("text only is %v", got)
			}
			return err
		})
	}
}

func TestBytesForPeople(t *testing.T) {
	for n, want := range map[int64]string{7: "7 B", 999: "999 B", 1499: "1 KB", 999_499: "999 KB", 999_500: "1 MB", 2_000_000: "2 MB", 2_149_000: "2.1 MB", 3_250_000_000: "3.3 GB"} {
		if got := bytesOf(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
