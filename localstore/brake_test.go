package localstore

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestRepliesToConversationsThatWentOn: of six replies one waits for a word,
// whether new mail has its conversation already or not, and goes when it has it.
func TestRepliesToConversationsThatWentOn(t *testing.T) {
	for _, threaded := range []bool{true, false} {
		t.Run(fmt.Sprint("threaded ", threaded), func(t *testing.T) {
			f := newFixture(t, IMAP)
			come := func(folder FolderID, arrived time.Time, from string, thread bool, refs ...string) (MessageID, string) {
				c := f.content()
				c.Sender, c.References = from, refs
				var id MessageID
				f.write(func(tx *Tx) error {
					content, err := tx.AddContent(c)
					if err != nil {
						return err
					}
					if id, err = tx.AddMessage(NewMessage{Folder: folder, Content: content, Arrived: arrived}); err == nil && thread {
						_, err = tx.AssignThread(content)
					}
					return err
				})
				return id, c.HeaderID
			}
			var ids []string
			var letters []OutboxID
			for i := range 6 {
				root := fmt.Sprintf("root%d@example.org", i)
				answered, id := come(f.inbox, day, "Bo <bo@example.org>", true, root)
				ids = append(ids, id)
				letters = append(letters, f.queue(func(l *NewLetter) { l.Answers = f.message(answered).Content }, "bo@example.org"))
			}
			later, earlier := day.Add(time.Hour), day.Add(-time.Hour)
			come(f.inbox, later, "Cy <cy@example.org>", threaded, "elsewhere@example.org")
			newer, _ := come(f.inbox, later, "Cy <cy@example.org>", threaded, "root1@example.org") // an earlier mail was answered
			come(f.inbox, later, "Ann <Ann@Example.org>", threaded, ids[2])                        // ourselves, elsewhere
			come(f.inbox, earlier, "Cy <cy@example.org>", threaded, "root3@example.org")           // only now here
			come(f.role(RoleSent), later, "Dee <dee@example.org>", threaded, ids[4])               // not to us
			brake := func() (held int) {
				f.write(func(tx *Tx) (err error) {
					held, err = tx.BrakeReplies(f.account, f.clock.Now())
					return err
				})
				return held
			}
			rest := slices.Concat(letters[:1], letters[2:])
			f.write(func(tx *Tx) error { return tx.SetBrakes(false) })
			if brake() != 0 {
				t.Error("held although the user wants no brake")
			}
			f.write(func(tx *Tx) error { return tx.SetBrakes(true) })
			if held := brake(); held != 1 || !slices.Equal(f.due(), rest) {
				t.Errorf("%d held, due: %v, want %v", held, f.due(), rest)
			}
			if l := f.letter(letters[1]); l.State != OutHeld || l.Newer != newer || l.HoldReason == "" {
				t.Errorf("%+v", l)
			}
			f.write(func(tx *Tx) error { return tx.RetryLetter(letters[1]) })
			if held := brake(); held != 0 || !slices.Equal(f.due(), letters) || f.letter(letters[1]).Newer != 0 {
				t.Errorf("after the word %d held, due: %v", held, f.due())
			}
			again, _ := come(f.inbox, later, "bo@example.org", threaded, ids[1])
			if held := brake(); held != 1 || f.letter(letters[1]).Newer != again {
				t.Errorf("at the next message %d held", held)
			}
		})
	}
}
