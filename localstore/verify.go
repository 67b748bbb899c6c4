package localstore

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"

	"paquebot.app/internal/fault"
)

// VerifyReport is what Verify found.
type VerifyReport struct {
	Checked int
	Damaged []Damage
}

// Damage is one thing that Verify found damaged.
type Damage struct {
	Content ContentID // 0 when it is not one content's
	Blob    BlobID
	What    string
}

// named is a blob that a row of mail.db names.
type named struct {
	content ContentID
	blob    BlobID
	size    int64 // of a whole mail; -1: not known
}

var (
	namedBlobs = scanning(onMail(`SELECT id, blob_id, size FROM contents WHERE blob_id > 0
		UNION ALL SELECT content_id, blob_id, -1 FROM parts WHERE blob_id > 0
		UNION ALL SELECT 0, blob_id, -1 FROM draft_files`))
	// These two are asked of bodies.db too.
	wrongPages      = scanning(onMail(`SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok' LIMIT 20`))
	wrongReferences = scanning(onMail(`SELECT 'a row of ' || "table" || ' refers to nothing in ' || parent FROM pragma_foreign_key_check LIMIT 20`))
	wholeWithout    = scanning(onMail(`SELECT id FROM contents WHERE body_state = 2 AND blob_id = 0`))
)

// Verify rehashes stored bodies and checks the files. damaged names what is
// not what it was: contents whose blob is missing, incomplete or differs.
func (s *Store) Verify(ctx context.Context, progress func(done, total int)) (VerifyReport, error) {
	var report VerifyReport
	var all []named
	err := s.Read(ctx, func(v *View) (err error) {
		if err := v.CheckCounts(); err != nil {
			report.Damaged = append(report.Damaged, Damage{What: "counts: " + err.Error()})
		}
		bodyless, err := collect(v.session, wholeWithout, scanID[ContentID])
		if err != nil {
			return err
		}
		for _, id := range bodyless {
			report.Damaged = append(report.Damaged, Damage{Content: id, What: "it should be here whole and has no body"})
		}
		all, err = collect(v.session, namedBlobs, func(r scanner) (n named, err error) {
			err = r.Scan(&n.content, &n.blob, &n.size)
			return n, err
		})
		return err
	})
	if isDamage(err) {
		report.Damaged = append(report.Damaged, Damage{What: mailName + ": " + err.Error()})
	} else if err != nil {
		return report, err
	}
	for _, file := range []struct {
		name string
		of   *pool
	}{{mailName, s.readers}, {bodiesName, s.bodyReaders}} {
		wrong, err := s.checkFile(ctx, file.of)
		if err != nil {
			return report, err
		}
		for _, w := range wrong {
			report.Damaged = append(report.Damaged, Damage{What: file.name + ": " + w})
		}
	}
	for i, n := range all {
		what, err := s.checkBlob(ctx, n)
		if err != nil {
			return report, err
		}
		if what != "" {
			report.Damaged = append(report.Damaged, Damage{Content: n.content, Blob: n.blob, What: what})
		}
		report.Checked++
		if progress != nil {
			progress(i+1, len(all))
		}
	}
	return report, nil
}

// checkFile asks SQLite what is wrong with a file.
func (s *Store) checkFile(ctx context.Context, of *pool) (wrong []string, err error) {
	scan := func(r scanner) (what string, err error) {
		err = r.Scan(&what)
		return what, err
	}
	err = s.read(ctx, of, nil, func(in *session) error {
		for _, check := range []*query{wrongPages, wrongReferences} {
			found, err := collect(in, check, scan)
			if err != nil {
				return err
			}
			wrong = append(wrong, found...)
		}
		return nil
	})
	if isDamage(err) {
		return append(wrong, err.Error()), nil
	}
	return wrong, err
}

// checkBlob reads a blob and says what is wrong with it. Only errors that are
// not the blob's are returned as such.
func (s *Store) checkBlob(ctx context.Context, n named) (what string, err error) {
	if n.content != 0 {
		still, err := s.stillNamed(ctx, n)
		if err != nil || !still {
			return "", err
		}
	}
	var b stored
	err = s.readBodies(ctx, func(in *session) (err error) {
		var found bool
		b, found, err = in.blob(n.blob)
		if err == nil && !found {
			what = "its body is missing"
		} else if err == nil && !b.complete {
			what = "its body is incomplete"
		}
		return err
	})
	if err == nil && what == "" {
		sum := sha256.New()
		err = s.hashBlob(ctx, n.blob, sum)
		switch {
		case err != nil:
		case hashOf(sum.Sum(nil)) != b.sha256:
			what = "its body is not what was stored"
		case n.size >= 0 && n.size != b.size:
			what = fmt.Sprintf("its body has %d bytes, not %d", b.size, n.size)
		}
	}
	if err != nil && ctx.Err() == nil && fault.Of(err).Cause == fault.Disk {
		return "its body cannot be read: " + err.Error(), nil
	}
	return what, err
}

func (s *Store) hashBlob(ctx context.Context, id BlobID, into io.Writer) error {
	r, err := s.OpenBlob(ctx, id)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(into, r.Reader())
	return err
}

var blobOfContent = onMail(`SELECT EXISTS (SELECT 1 FROM contents WHERE id = ?1 AND blob_id = ?2)
	OR EXISTS (SELECT 1 FROM parts WHERE content_id = ?1 AND blob_id = ?2)`)

// stillNamed tells whether a row still names the blob: mail may have gone
// since Verify began.
func (s *Store) stillNamed(ctx context.Context, n named) (still bool, err error) {
	err = s.Read(ctx, func(v *View) error {
		k, err := v.number(blobOfContent, n.content, n.blob)
		still = k != 0
		return err
	})
	return still, err
}
