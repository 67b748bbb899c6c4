package localstore

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"testing"
	"time"
)

// BenchmarkCommitSwitch changes the mode of an account with 100,000 messages, all
// of them read here and unread on the server, and compares that with marking all
// of them.
func BenchmarkCommitSwitch(b *testing.B) {
	const messages = 100_000
	f := newFixture(b, POP)
	var ids []MessageID
	for len(ids) < messages {
		f.write(func(tx *Tx) error {
			for range 10_000 {
				c := f.content()
				binary.BigEndian.PutUint64(c.FieldsHash[:], uint64(f.n))
				c.HeaderHash = sha256.Sum256(c.FieldsHash[:])
				content, err := tx.AddContent(c)
				if err != nil {
					return err
				}
				m, err := tx.AddMessage(NewMessage{Folder: f.inbox, Content: content, Arrived: day.Add(time.Duration(f.n) * time.Second), Flags: Seen})
				if err != nil {
					return err
				}
				ids = append(ids, m)
			}
			return nil
		})
	}
	server := Server{Host: "imap.example.org", Port: 993, Security: TLS, User: "ann"}
	for b.Loop() {
		b.StopTimer()
		var s Switch
		var inbox RemoteFolderID
		f.write(func(tx *Tx) (err error) {
			if s, err = tx.BeginSwitch(f.account, IMAP, SwitchChoice{Server: server}); err != nil {
				return err
			}
			if inbox, err = tx.OpenInbox(s.ID, 7); err != nil {
				return err
			}
			var all []ImapBinding
			for i, m := range ids {
				all = append(all, ImapBinding{Message: m, UID: uint32(i + 1), Proven: true})
			}
			return tx.BindInbox(s.ID, inbox, 7, all)
		})
		b.StartTimer()
		f.write(func(tx *Tx) error { return tx.CommitSwitch(s.ID) })
		b.StopTimer()
		f.write(func(tx *Tx) error { // back to where it was
			for _, q := range []string{"DELETE FROM pending", "DELETE FROM imap_locations", "DELETE FROM switches", "UPDATE accounts SET mode = 'pop'"} {
				if err := tx.c.run(context.Background(), q); err != nil {
					return err
				}
			}
			return nil
		})
		b.StartTimer()
	}
}

// BenchmarkMarkAll is what BenchmarkCommitSwitch is measured by.
func BenchmarkMarkAll(b *testing.B) {
	const messages = 100_000
	f := newFixture(b, POP)
	for range messages / 10_000 {
		f.write(func(tx *Tx) error {
			for range 10_000 {
				content, err := tx.AddContent(f.content())
				if err != nil {
					return err
				}
				if _, err := tx.AddMessage(NewMessage{Folder: f.inbox, Content: content, Arrived: day.Add(time.Duration(f.n) * time.Second)}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	flags := 0
	for b.Loop() {
		flags ^= 1
		f.write(func(tx *Tx) error {
			return tx.c.run(context.Background(), map[int]string{0: "UPDATE messages SET flags = 0", 1: "UPDATE messages SET flags = 1"}[flags])
		})
	}
}
