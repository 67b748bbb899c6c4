package localstore

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// mailBytes is the n-th mail of the crash test: of all sizes around a chunk.
func mailBytes(n int) []byte {
	return noise(1 + n*7919%(3*chunkSize))
}

// childStoresMail stores mails for ever, batch after batch, and says which are
// durable.
func childStoresMail(s *Store, in *bufio.Reader) error {
	ctx := context.Background()
	start, err := in.ReadString('\n')
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(strings.TrimSpace(start))
	if err != nil {
		return err
	}
	for {
		var writers []*BlobWriter
		for range 3 {
			w := s.NewBlob(ctx)
			if _, err := w.Write(mailBytes(n + len(writers))); err != nil {
				return err
			}
			writers = append(writers, w)
		}
		blobs, err := s.CompleteBlobs(ctx, writers...)
		if err != nil {
			return err
		}
		err = s.Write(ctx, "mail", func(tx *Tx) error {
			inbox, err := tx.FolderByRole(1, RoleInbox)
			if err != nil {
				return err
			}
			for i, b := range blobs {
				id, err := tx.AddContent(NewContent{Account: 1, HeaderID: fmt.Sprint(n + i), Blob: b.ID, Body: BodyWhole, Size: b.Size})
				if err != nil {
					return err
				}
				if _, err := tx.AddMessage(NewMessage{Folder: inbox.ID, Content: id}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		n += len(blobs)
		fmt.Println("stored", n)
	}
}

// TestKilled kills a process that stores mail, at any moment and again and
// again. Every mail it announced is there, byte for byte; no row names a body
// that is not; nothing is damaged, and nothing is there twice.
func TestKilled(t *testing.T) {
	const rounds = 8
	seed := rand.Uint64()
	t.Log("seed", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	announced := 0
	for range rounds {
		c := startChild(t, "mail", dir)
		fmt.Fprintln(c.in, announced)
		// Killed by how far it has come, somewhere after that.
		for range 1 + random.IntN(4) {
			line := c.want("stored ")
			announced, _ = strconv.Atoi(strings.TrimPrefix(line, "stored "))
		}
		for spin := random.IntN(3_000_000); spin > 0; spin-- {
		}
		c.cmd.Process.Kill()
		for {
			line, ok := c.line()
			if !ok {
				break
			}
			if n, err := strconv.Atoi(strings.TrimPrefix(line, "stored ")); err == nil {
				announced = n
			}
		}
		c.cmd.Wait()
		announced = checkMail(t, dir, announced)
	}
}

// checkMail opens the profile and checks everything that was announced. It
// returns how many mails there are.
func checkMail(t *testing.T, dir string, announced int) int {
	t.Helper()
	s := openStore(t, dir)
	report, err := s.Verify(context.Background(), nil)
	if err != nil || len(report.Damaged) != 0 {
		t.Fatalf("%+v, %v", report.Damaged, err)
	}
	var all []Message
	read(t, s, func(v *View) error {
		inbox, err := v.FolderByRole(1, RoleInbox)
		if err != nil {
			return err
		}
		ids, _, err := v.MessageIDs(List{Folder: inbox.ID}, 0, 1<<30)
		if err == nil {
			all, err = v.Messages(ids)
		}
		return err
	})
	seen := map[int]bool{}
	for _, m := range all {
		n, err := strconv.Atoi(m.HeaderID)
		if err != nil || seen[n] {
			t.Fatalf("mail %q is there twice", m.HeaderID)
		}
		seen[n] = true
		r, err := s.OpenBlob(context.Background(), m.Blob)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if _, err := got.ReadFrom(r.Reader()); err != nil {
			t.Fatal(err)
		}
		r.Close()
		if sha256.Sum256(got.Bytes()) != sha256.Sum256(mailBytes(n)) {
			t.Fatalf("mail %d is not what was stored", n)
		}
	}
	for n := range announced {
		if !seen[n] {
			t.Fatalf("mail %d was announced and is not there", n)
		}
	}
	return len(all)
}
