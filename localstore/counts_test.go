package localstore

import (
	"context"
	"testing"

	"pgregory.net/rapid"
)

var setTestThread = onMail(`UPDATE contents SET thread_id = ? WHERE id = ?`)

// TestCountsFollow runs random histories of messages and compares the counts
// that triggers keep with COUNT after every step.
func TestCountsFollow(t *testing.T) {
	f := newFixture(t, Local)
	folders := []FolderID{f.inbox, f.trash, f.archive}
	rapid.Check(t, func(rt *rapid.T) {
		var contents []ContentID
		var messages []MessageID
		write := func(do func(*Tx) error) {
			if err := f.Write(context.Background(), "test", do); err != nil {
				rt.Fatal(err)
			}
		}
		for range 3 {
			c := f.content()
			write(func(tx *Tx) error {
				id, err := tx.AddContent(c)
				contents = append(contents, id)
				return err
			})
		}
		message := func(rt *rapid.T) MessageID {
			if len(messages) == 0 {
				rt.Skip()
			}
			return rapid.SampledFrom(messages).Draw(rt, "message")
		}
		folder := rapid.SampledFrom(folders)
		content := rapid.SampledFrom([]int{0, 1, 2})
		state := rapid.SampledFrom([]State{Shown, Deleted, Held})
		flags := rapid.Map(rapid.IntRange(0, 7), func(i int) Flags { return Flags(i) })
		rt.Repeat(map[string]func(*rapid.T){
			"add": func(rt *rapid.T) {
				m := NewMessage{Folder: folder.Draw(rt, "folder"), Content: contents[content.Draw(rt, "content")], Arrived: day,
					Flags: flags.Draw(rt, "flags"), State: state.Draw(rt, "state")}
				write(func(tx *Tx) error {
					id, err := tx.AddMessage(m)
					messages = append(messages, id)
					return err
				})
			},
			"change": func(rt *rapid.T) {
				id, to := message(rt), folder.Draw(rt, "folder")
				fl, st := flags.Draw(rt, "flags"), state.Draw(rt, "state")
				write(func(tx *Tx) error {
					return tx.do(changeAll, to, int64(fl), st, id)
				})
			},
			"flags": func(rt *rapid.T) {
				id, fl := message(rt), flags.Draw(rt, "flags")
				write(func(tx *Tx) error { return tx.showBase(id, fl, nil) })
			},
			"content": func(rt *rapid.T) {
				id, c := message(rt), contents[content.Draw(rt, "content")]
				write(func(tx *Tx) error { return tx.do(setContent, c, id) })
			},
			"thread": func(rt *rapid.T) {
				c, th := contents[content.Draw(rt, "content")], rapid.IntRange(0, 2).Draw(rt, "thread")
				write(func(tx *Tx) error { return tx.do(setTestThread, th, c) })
			},
			"remove": func(rt *rapid.T) {
				id := message(rt)
				write(func(tx *Tx) error { return tx.do(deleteMessage, id) })
			},
			"": func(rt *rapid.T) {
				if err := f.Read(context.Background(), func(v *View) error { return v.CheckCounts() }); err != nil {
					rt.Fatal(err)
				}
			},
		})
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
