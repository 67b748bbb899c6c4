package imapsync

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/outgoing"
	"paquebot.app/internal/realserver"
	"paquebot.app/localstore"
)

// letter is the letter that a draft will be.
func (h *harness) letter(w outgoing.Writing) *letter.Draft {
	h.Helper()
	w.Account = h.account.ID
	d, err := w.Draft(context.Background(), h.store)
	if err != nil {
		h.Fatal(err)
	}
	return d
}

// save saves a version of a draft; id 0 makes it.
func (h *harness) save(id localstore.DraftID, w outgoing.Writing) localstore.DraftID {
	h.Helper()
	if w.Account == 0 {
		w.Account = h.account.ID
	}
	id, err := outgoing.SaveDraft(context.Background(), h.store, id, w, h.clock.Now())
	if err != nil {
		h.Fatal(err)
	}
	return id
}

// put makes letters of the drafts that have rested.
func (h *harness) put() {
	h.Helper()
	h.clock.Advance(46 * time.Second)
	if err := outgoing.PutDrafts(context.Background(), h.store, h.account.ID, h.clock.Now()); err != nil {
		h.Fatal(err)
	}
}

// drafts returns the subjects of what the server has in a mailbox, without what
// is marked \Deleted.
func (h *harness) drafts(box string) []string {
	var out []string
	for _, s := range h.onServer(box) {
		if !strings.Contains(s, `\Deleted`) {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}

func (h *harness) wantDrafts(want ...string) {
	h.Helper()
	for i := range want {
		want[i] += ` \Draft \Seen`
	}
	if got := h.drafts("Drafts"); !slices.Equal(got, want) {
		h.Errorf("drafts on the server: %q, want %q", got, want)
	}
}

// TestDraftsLieOnTheServerOnce: saved, changed, changed again offline, sent.
func TestDraftsLieOnTheServerOnce(t *testing.T) {
	onAll(t, func(h *harness) {
		h.pass()
		id := h.save(0, outgoing.Writing{To: "tom@bannister.example, half@", Subject: "One", Text: "Dear Tom"})
		if err := outgoing.PutDrafts(t.Context(), h.store, h.account.ID, h.clock.Now()); err != nil || len(h.pendings()) != 0 {
			t.Fatalf("a draft that is being written is put on the server: %v, %v", h.pendings(), err)
		}
		h.put()
		h.pass()
		h.wantDrafts("One")
		if m := h.messages("Drafts"); len(m) != 1 || m[0].Where != localstore.WhereBoth || m[0].Pending {
			t.Fatalf("here: %+v", m)
		}
		raw := string(h.user.Mailbox("Drafts").Messages()[0].Raw)
		if !strings.Contains(raw, "tom@bannister.example") || strings.Contains(raw, "half@") || !strings.Contains(raw, "Dear Tom") {
			t.Errorf("on the server: %s", raw)
		}
		h.put()
		if len(h.pendings()) != 0 {
			t.Errorf("nothing was changed, and %+v", h.pendings())
		}

		h.save(id, outgoing.Writing{Subject: "Two", Text: "Dear Tom,"})
		if got := h.subjects("Drafts"); !slices.Equal(got, []string{"Two"}) {
			t.Errorf("the list shows %q", got)
		}
		h.put()
		h.pass()
		h.pass()
		h.wantDrafts("Two")
		for i := range 3 { // no connection meanwhile
			h.save(id, outgoing.Writing{Subject: fmt.Sprint("Three ", i), Text: "Dear Tom, I"})
			h.put()
		}
		if n := len(h.messages("Drafts")); n != 1 {
			t.Errorf("%d drafts in the list", n)
		}
		h.pass()
		h.pass()
		h.wantDrafts("Three 2")
		if m := h.messages("Drafts"); len(m) != 1 || m[0].Subject != "Three 2" {
			t.Errorf("here: %+v", m)
		}

		w := outgoing.Writing{To: "tom@bannister.example", Subject: "Four", Text: "Dear Tom, I sail."}
		h.save(id, w)
		h.put()
		four := outgoing.Letter{Account: h.account, Draft: h.letter(w), Saved: id}
		if _, err := outgoing.Queue(t.Context(), h.store, four); err != nil {
			t.Fatal(err)
		}
		h.pass()
		h.pass()
		h.wantDrafts()
		if m := h.messages("Drafts"); len(m) != 0 || len(h.pendings()) != 0 {
			t.Errorf("here: %+v, pending %+v", m, h.pendings())
		}
	})
}

// TestADraftIsReplacedThroughEveryCut: whenever the connection ends, a version
// is on the server; after the next pass the new one alone.
func TestADraftIsReplacedThroughEveryCut(t *testing.T) {
	for _, kind := range []string{"everything", "no uidplus", "IMAP4rev1"} {
		for _, direction := range []fakeserver.Direction{fakeserver.ToClient, fakeserver.FromClient} {
			t.Run(fmt.Sprintf("%s/%v", kind, direction), func(t *testing.T) {
				first, step := cuts(t, 4000)
				for after := first; after < 4000; after += step {
					h := newHarness(t, servers[kind]...)
					id := h.save(0, outgoing.Writing{Subject: "Old", Text: "Dear"})
					h.put()
					h.pass()
					h.save(id, outgoing.Writing{Subject: "New", Text: "Dear Tom"})
					h.put()
					h.server.Fail(fakeserver.Fault{Direction: direction, After: after, Failure: fakeserver.FIN})
					_ = h.try()
					h.server.Heal()
					if len(h.drafts("Drafts")) == 0 {
						t.Errorf("cut after %d bytes: no draft on the server", after)
					}
					h.pass()
					h.pass()
					h.wantDrafts("New")
					if m := h.messages("Drafts"); len(m) != 1 || m[0].Subject != "New" || len(h.pendings()) != 0 {
						t.Errorf("cut after %d bytes: %+v, pending %+v", after, m, h.pendings())
					}
					h.noSins()
					h.end()
				}
			})
		}
	}
}

// foreignDraft is what another program left in Drafts.
const foreignDraft = "From: anna@example.org\r\nTo: tom@bannister.example\r\nSubject: Begun elsewhere\r\nMessage-ID: <d1@phone.example>\r\nDate: Sat, 14 Mar 2026 09:00:00 +0000\r\n\r\nDear Tom,\r\n"

// continued goes on with the only draft of another program and returns it.
func (h *harness) continued() outgoing.Writing {
	h.Helper()
	h.write(func(tx *localstore.Tx) error { return tx.Want(h.messages("Drafts")[0].Content, localstore.WishWhole) })
	h.pass()
	w, err := outgoing.FromMessage(context.Background(), h.store, h.messages("Drafts")[0].ID)
	if err != nil {
		h.Fatal(err)
	}
	return w
}

// TestADraftOfAnotherProgramIsContinued: ours takes its place, and what the
// other wrote is in the Trash.
func TestADraftOfAnotherProgramIsContinued(t *testing.T) {
	onAll(t, func(h *harness) {
		h.user.Mailbox("Drafts").Append([]byte(foreignDraft), fakeserver.Epoch, `\Draft`)
		h.pass()
		w := h.continued()
		if w.Subject != "Begun elsewhere" || strings.TrimSpace(w.Text) != "Dear Tom," {
			t.Fatalf("opened: %+v", w)
		}
		w.Text = "Dear Tom,\nwe land at nine."
		id := h.save(0, w)
		w.Subject = "Ended here"
		h.save(id, w)
		if n := len(h.messages("Drafts")); n != 1 {
			t.Errorf("%d drafts in the list", n)
		}
		h.put()
		h.pass()
		h.pass()
		h.wantDrafts("Ended here")
		if got := h.drafts("Trash"); !slices.Equal(got, []string{`Begun elsewhere \Draft`}) {
			t.Errorf("in the Trash: %q", got)
		}
		if got := h.subjects("Drafts"); !slices.Equal(got, []string{"Ended here"}) || len(h.pendings()) != 0 {
			t.Errorf("here: %q, pending %+v", got, h.pendings())
		}
	})
}

// TestSendingAContinuedDraftRemovesIt, though it was never saved here.
func TestSendingAContinuedDraftRemovesIt(t *testing.T) {
	h := newHarness(t)
	h.user.Mailbox("Drafts").Append([]byte(foreignDraft), fakeserver.Epoch, `\Draft`)
	h.pass()
	w := h.continued()
	_, err := outgoing.Queue(t.Context(), h.store, outgoing.Letter{Account: h.account, Draft: h.letter(w), Continues: w.Continues})
	if err != nil {
		t.Fatal(err)
	}
	h.pass()
	h.wantDrafts()
	h.noSins()
}

// TestADraftChangedInTwoPlacesIsTwo: nothing of either is lost.
func TestADraftChangedInTwoPlacesIsTwo(t *testing.T) {
	onAll(t, func(h *harness) {
		id := h.save(0, outgoing.Writing{Subject: "Begun here", Text: "Dear Tom"})
		h.put()
		h.pass()
		box := h.user.Mailbox("Drafts")
		box.Expunge(box.Messages()[0].UID)
		box.Append([]byte(foreignDraft), fakeserver.Epoch, `\Draft`, `\Seen`)
		h.save(id, outgoing.Writing{Subject: "Changed here", Text: "Dear Tom, I"})
		h.put()
		h.pass()
		h.pass()
		h.wantDrafts("Begun elsewhere", "Changed here")
		if got := h.subjects("Drafts"); len(got) != 2 || len(h.pendings()) != 0 {
			t.Errorf("here: %q, pending %+v", got, h.pendings())
		}
	})
}

// TestADraftThatAnotherClientDeletedStaysDeleted until it is written on: then
// it is there again.
func TestADraftThatAnotherClientDeletedStaysDeleted(t *testing.T) {
	h := newHarness(t)
	id := h.save(0, outgoing.Writing{Subject: "Begun", Text: "Dear Tom"})
	h.put()
	h.pass()
	box := h.user.Mailbox("Drafts")
	box.Expunge(box.Messages()[0].UID)
	h.pass()
	h.put()
	h.pass()
	h.wantDrafts()
	if n := len(h.messages("Drafts")); n != 0 {
		t.Errorf("%d drafts in the list", n)
	}
	h.save(id, outgoing.Writing{Subject: "Written on", Text: "Dear Tom, I"})
	if got := h.subjects("Drafts"); !slices.Equal(got, []string{"Written on"}) {
		t.Errorf("the list shows %q", got)
	}
	h.put()
	h.pass()
	h.wantDrafts("Written on")
	h.noSins()
}

// TestADraftThatTheServerRefusesIsHere, and goes when it was changed.
func TestADraftThatTheServerRefusesIsHere(t *testing.T) {
	h := newHarness(t)
	id := h.save(0, outgoing.Writing{Subject: "One", Text: "Dear Tom"})
	h.put()
	h.pass()
	h.save(id, outgoing.Writing{Subject: "Two", Text: "Dear Tom, I"})
	h.put()
	h.play("append-overquota")
	for range tries {
		h.pass()
		h.clock.Advance(refusedPause)
	}
	h.wantDrafts("One")
	if got := h.subjects("Drafts"); !slices.Equal(got, []string{"Two"}) {
		t.Errorf("here: %q", got)
	}
	h.play()
	h.save(id, outgoing.Writing{Subject: "Three", Text: "Dear Tom, I sail"})
	h.put()
	h.pass()
	h.pass()
	h.wantDrafts("Three")
	if got := h.subjects("Drafts"); !slices.Equal(got, []string{"Three"}) || len(h.pendings()) != 0 {
		t.Errorf("here: %q, pending %+v", got, h.pendings())
	}
}

// TestDraftsFolderIsMade where the server has none.
func TestDraftsFolderIsMade(t *testing.T) {
	h := newHarness(t)
	h.user.Delete("Drafts")
	h.save(0, outgoing.Writing{Subject: "Begun", Text: "Dear Tom"})
	h.put()
	h.pass()
	h.pass()
	h.wantDrafts("Begun")
	h.user.Delete("Sent")
	h.noSins()
}

// TestAFolderToBeMadeIsThereUnderAnotherName: what was to go there goes there,
// and no second one is made.
func TestAFolderToBeMadeIsThereUnderAnotherName(t *testing.T) {
	h := newHarness(t)
	h.user.Delete("Drafts")
	h.user.Create("Entwürfe", `\Drafts`)
	h.save(0, outgoing.Writing{Subject: "Begun", Text: "Dear Tom"})
	h.put()
	h.pass()
	if got := h.drafts("Entwürfe"); len(got) != 1 || h.user.Mailbox("Drafts") != nil {
		t.Errorf("on the server: %q", got)
	}
	if got := h.subjects("Entwürfe"); !slices.Equal(got, []string{"Begun"}) || slices.Contains(h.paths(), "Drafts") || len(h.pendings()) != 0 {
		t.Errorf("here: %q in %v, pending %+v", got, h.paths(), h.pendings())
	}
}

// TestDraftsLieOnDovecotOnce is the same on a real server.
func TestDraftsLieOnDovecotOnce(t *testing.T) {
	v := newVoyage(t, realserver.Options{})
	v.pass()
	id := v.save(0, outgoing.Writing{Subject: "One", Text: "Dear Tom"})
	v.put()
	v.pass()
	v.save(id, outgoing.Writing{Subject: "Two", Text: "Dear Tom, I"})
	v.put()
	v.pass()
	v.pass()
	if there := v.dovecot.Mails(t, v.user, "Drafts"); len(there) != 1 {
		t.Errorf("%d drafts on the server", len(there))
	}
	if got := v.subjects("Drafts"); !slices.Equal(got, []string{"Two"}) || len(v.pendings()) != 0 {
		t.Errorf("here: %q, pending %+v", got, v.pendings())
	}
}

// TestADraftIsChangedWhileTheAnswerIsLost: what the first APPEND left goes when
// the second is there.
func TestADraftIsChangedWhileTheAnswerIsLost(t *testing.T) {
	onAll(t, func(h *harness) {
		h.pass()
		id := h.save(0, outgoing.Writing{Subject: "One", Text: "Dear Tom"})
		h.put()
		h.play("append-drop-once")
		if err := h.try(); err == nil {
			t.Error("the lost answer was not noticed")
		}
		h.play()
		h.save(id, outgoing.Writing{Subject: "Two", Text: "Dear Tom, I"})
		h.put()
		h.pass()
		h.pass()
		h.wantDrafts("Two")
		if got := h.subjects("Drafts"); !slices.Equal(got, []string{"Two"}) || len(h.pendings()) != 0 {
			t.Errorf("here: %q, pending %+v", got, h.pendings())
		}
	})
}

// TestADraftThatWasThrownAwayIsWrittenOn: it is in the Trash, stays there, and
// comes back when the user does.
func TestADraftThatWasThrownAwayIsWrittenOn(t *testing.T) {
	onAll(t, func(h *harness) {
		id := h.save(0, outgoing.Writing{Subject: "One", Text: "Dear Tom"})
		h.put()
		h.pass()
		h.save(id, outgoing.Writing{Subject: "Two", Text: "Dear Tom, I"})
		h.write(func(tx *localstore.Tx) error { return tx.Delete(ids(h.messages("Drafts")...)) })
		h.put()
		h.pass()
		h.pass()
		h.wantDrafts()
		if got := h.drafts("Trash"); len(got) != 1 {
			t.Errorf("in the Trash: %q", got)
		}
		h.save(id, outgoing.Writing{Subject: "Three", Text: "Dear Tom, I sail"})
		if got := h.subjects("Drafts"); !slices.Equal(got, []string{"Three"}) {
			t.Errorf("the list shows %q", got)
		}
		h.put()
		h.pass()
		h.pass()
		h.wantDrafts("Three")
		if got := h.drafts("Trash"); len(got) != 0 || len(h.pendings()) != 0 {
			t.Errorf("in the Trash: %q, pending %+v", got, h.pendings())
		}
	})
}
