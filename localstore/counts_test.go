package localstore

import (
	"context"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

var setTestThread = onMail(`UPDATE contents SET thread_id = ? WHERE id = ?`)

// errDone ends a history: it is rolled back, so that the next one begins with
// an empty profile.
var errDone = errors.New("done")

// TestCountsFollow runs random histories of messages and compares the counts
// that triggers keep with COUNT after every step.
func TestCountsFollow(t *testing.T) {
	f := newFixture(t, Local)
	rapid.Check(t, func(rt *rapid.T) {
		err := f.Write(context.Background(), "test", func(tx *Tx) error {
			countHistory(rt, f, tx)
			return errDone
		})
		if err != errDone {
			rt.Fatal(err)
		}
	})
}

func countHistory(rt *rapid.T, f *fixture, tx *Tx) {
	must := func(err error) {
		if err != nil {
			rt.Fatal(err)
		}
	}
	var contents []ContentID
	for range 3 {
		id, err := tx.AddContent(f.content())
		must(err)
		contents = append(contents, id)
	}
	var messages []MessageID
	message := func(rt *rapid.T) MessageID {
		if len(messages) == 0 {
			rt.Skip()
		}
		return rapid.SampledFrom(messages).Draw(rt, "message")
	}
	folder := rapid.SampledFrom([]FolderID{f.inbox, f.trash, f.archive})
	content := rapid.SampledFrom(contents)
	state := rapid.SampledFrom([]State{Shown, Deleted, Held})
	flags := rapid.Map(rapid.IntRange(0, 7), func(i int) Flags { return Flags(i) })
	rt.Repeat(map[string]func(*rapid.T){
		"add": func(rt *rapid.T) {
			id, err := tx.AddMessage(NewMessage{Folder: folder.Draw(rt, "folder"), Content: content.Draw(rt, "content"),
				Arrived: day, Flags: flags.Draw(rt, "flags"), State: state.Draw(rt, "state")})
			must(err)
			messages = append(messages, id)
		},
		"change": func(rt *rapid.T) {
			must(tx.do(changeAll, folder.Draw(rt, "folder"), int64(flags.Draw(rt, "flags")), state.Draw(rt, "state"), message(rt)))
		},
		"flags": func(rt *rapid.T) {
			must(tx.showBase(message(rt), flags.Draw(rt, "flags"), nil))
		},
		"content": func(rt *rapid.T) {
			must(tx.do(setContent, content.Draw(rt, "content"), message(rt)))
		},
		"thread": func(rt *rapid.T) {
			must(tx.do(setTestThread, rapid.IntRange(0, 2).Draw(rt, "thread"), content.Draw(rt, "content")))
		},
		"remove": func(rt *rapid.T) {
			must(tx.do(deleteMessage, message(rt)))
		},
		"": func(rt *rapid.T) { must(tx.CheckCounts()) },
	})
}

var changeAll = onMail(`UPDATE messages SET folder_id = ?, flags = ?, state = ? WHERE id = ?`)

// TestCheckCountsFinds makes sure that CheckCounts can fail.
func TestCheckCountsFinds(t *testing.T) {
	for _, wrong := range []*query{
		onMail(`UPDATE folders SET unread = unread + 1 WHERE id = 1`),
		onMail(`UPDATE folders SET total = total - 1 WHERE id = 1`),
		onMail(`INSERT INTO folder_threads VALUES (1, 5, 1, 1, 1)`),
	} {
		s := newStore(t)
		write(t, s, func(tx *Tx) error { return tx.do(wrong) })
		read(t, s, func(v *View) error {
			if v.CheckCounts() == nil {
				t.Errorf("nothing wrong after %s", wrong.text)
			}
			return nil
		})
	}
}
