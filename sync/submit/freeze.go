package submit

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"slices"
	"time"

	"paquebot.app/internal/intake"
	"paquebot.app/localstore"
)

// freeze writes the bytes that will go out: the letter with a Date, every
// line ended by CRLF and no CR or LF elsewhere (RFC 5321 §2.3.8), and returns
// its row.
func freeze(ctx context.Context, store *localstore.Store, account localstore.AccountID, blob localstore.BlobID, date time.Time) (localstore.NewContent, error) {
	old, err := store.OpenBlob(ctx, blob)
	if err != nil {
		return localstore.NewContent{}, err
	}
	defer old.Close()
	w := store.NewBlob(ctx)
	if err := writeDated(w, old.Reader(), date); err != nil {
		return localstore.NewContent{}, err
	}
	blobs, err := store.CompleteBlobs(ctx, w)
	if err != nil {
		return localstore.NewContent{}, err
	}
	frozen, err := store.OpenBlob(ctx, blobs[0].ID)
	if err != nil {
		return localstore.NewContent{}, err
	}
	defer frozen.Close()
	c, err := intake.FromBlob(account, frozen, blobs[0].Size)
	c.Blob = blobs[0].ID
	return c, err
}

// writeDated copies a letter with canonical line ends and gives it a Date,
// unless it has its author's: one that was given whole, or is redirected (RFC
// 5322 §3.6.6).
func writeDated(to io.Writer, letter io.Reader, date time.Time) error {
	w := bufio.NewWriterSize(to, 64<<10)
	r := bufio.NewReaderSize(newCanonical(letter), 64<<10)
	header, err := readHeader(r)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(header, func(field []byte) bool { return hasField(field, "Date") || hasField(field, "Resent-Date") }) {
		w.WriteString("Date: " + date.Format(time.RFC1123Z) + "\r\n")
	}
	for _, field := range header {
		w.Write(field)
	}
	if _, err := io.Copy(w, r); err != nil {
		return err
	}
	return w.Flush()
}

// readHeader reads up to and with the first empty line: one field, with its
// folds, an element.
func readHeader(r *bufio.Reader) ([][]byte, error) {
	var fields [][]byte
	for {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			if fold := line[0] == ' ' || line[0] == '\t'; fold && len(fields) > 0 {
				last := len(fields) - 1
				fields[last] = append(fields[last], line...)
			} else {
				fields = append(fields, line)
			}
		}
		switch {
		case err == io.EOF || err == nil && string(line) == "\r\n":
			return fields, nil
		case err != nil:
			return nil, err
		}
	}
}

func hasField(field []byte, name string) bool {
	colon := bytes.IndexByte(field, ':')
	return colon >= 0 && bytes.EqualFold(bytes.TrimRight(field[:colon], " \t"), []byte(name))
}
