package content

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"paquebot.app/internal/intake"
	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
)

const mail = "From: Amélie <amelie@fournier.example>\r\nTo: anna@example.org\r\nSubject: tickets\r\nMessage-ID: <1@fournier.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe ferry leaves at nine.\r\n--b\r\nContent-Type: application/pdf; name=ticket.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--b--\r\n"

// open puts the mail into a new store, as far as keep leaves it there, and
// opens it.
func open(t *testing.T, keep func(*localstore.NewContent, func(string) localstore.BlobID)) *Mail {
	t.Helper()
	ctx := context.Background()
	store, err := localstore.Open(ctx, testprofile.Dir(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	blob := func(s string) localstore.BlobID {
		w := store.NewBlob(ctx)
		if _, err := w.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
		done, err := store.CompleteBlobs(ctx, w)
		if err != nil {
			t.Fatal(err)
		}
		return done[0].ID
	}
	var id localstore.MessageID
	err = store.Write(ctx, "test", func(tx *localstore.Tx) error {
		local, err := tx.LocalAccount()
		if err != nil {
			return err
		}
		c, err := intake.FromBlob(local, bytes.NewReader([]byte(mail)), int64(len(mail)))
		if err != nil {
			return err
		}
		keep(&c, blob)
		n, err := tx.AddContent(c)
		if err != nil {
			return err
		}
		inbox, err := tx.FolderByRole(local, localstore.RoleInbox)
		if err != nil {
			return err
		}
		id, err = tx.AddMessage(localstore.NewMessage{Folder: inbox.ID, Content: n})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := Open(ctx, store, id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func TestWholeMailReadsWhole(t *testing.T) {
	m := open(t, func(c *localstore.NewContent, blob func(string) localstore.BlobID) { c.Blob = blob(mail) })
	if !m.Readable() || !strings.Contains(m.Letter.Text(), "The ferry leaves") {
		t.Errorf("text: %q", m.Letter.Text())
	}
	for _, p := range m.Letter.Attachments() {
		if !m.Here(p) {
			t.Errorf("%s is not here", p.Name)
		}
	}
}

func TestReadablePartsWithoutTheAttachment(t *testing.T) {
	m := open(t, func(c *localstore.NewContent, blob func(string) localstore.BlobID) {
		c.Body = localstore.BodyText
		for i := range c.Parts {
			if c.Parts[i].Section == "1" {
				c.Parts[i].Blob = blob("The ferry leaves at nine.\r\n")
			}
		}
	})
	if !m.Readable() || strings.TrimSpace(m.Letter.Text()) != "The ferry leaves at nine." {
		t.Errorf("text: %q", m.Letter.Text())
	}
	files := m.Letter.Attachments()
	if len(files) != 1 || files[0].Name != "ticket.pdf" || m.Here(files[0]) {
		t.Errorf("attachments: %+v", files)
	}
	if h := m.Letter.Header; h.Subject != "tickets" || h.MessageID != "1@fournier.example" || len(h.From) != 1 || h.From[0].Addr != "amelie@fournier.example" {
		t.Errorf("header: %+v", h)
	}
}

func TestHeaderAloneIsNotReadable(t *testing.T) {
	m := open(t, func(c *localstore.NewContent, _ func(string) localstore.BlobID) {
		c.Body, c.Parts = localstore.BodyNone, nil
	})
	if m.Readable() || m.Letter.Text() != "" {
		t.Errorf("text: %q", m.Letter.Text())
	}
}
