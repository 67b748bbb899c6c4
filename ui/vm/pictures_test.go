package vm

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"runtime"
	"strings"
	"testing"

	"paquebot.app/localstore"
)

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claiming is a PNG whose header says that it is of a size.
func claiming(t testing.TB, w, h uint32) []byte {
	p := pngOf(t, 1, 1)
	binary.BigEndian.PutUint32(p[16:], w)
	binary.BigEndian.PutUint32(p[20:], h)
	binary.BigEndian.PutUint32(p[29:], crc32.ChecksumIEEE(p[12:29]))
	return p
}

// withPictures is an HTML letter that shows pictures of its own by number.
func withPictures(pictures ...[]byte) string {
	var b strings.Builder
	b.WriteString("From: a@b.example\r\nSubject: Pictures\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Look:</p>")
	for i := range pictures {
		fmt.Fprintf(&b, `<img src="cid:p%d@x" alt="picture %d">`, i, i)
	}
	b.WriteString(`<img src="https://tracker.example/p.png" alt="far">` + "\r\n")
	for i, p := range pictures {
		fmt.Fprintf(&b, "--x\r\nContent-Type: image/png\r\nContent-ID: <p%d@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n", i, base64.StdEncoding.EncodeToString(p))
	}
	b.WriteString("--x--\r\n")
	return b.String()
}

func TestALetterShowsItsOwnPicturesAndNoOthers(t *testing.T) {
	f := newFixture(t)
	r := newReading(f)
	r.open(f.letter(withPictures(pngOf(t, 30, 20), pngOf(t, 3000, 1000), claiming(t, 60_000, 60_000), []byte("no picture"), claiming(t, 1<<31-1, 1<<31-1))))
	l := r.Letter()
	if len(l.Pictures) != 2 || l.Document.Remote != 1 {
		t.Fatalf("%d pictures, %d remote", len(l.Pictures), l.Document.Remote)
	}
	if got := l.Pictures["p0@x"].Bounds().Size(); got != image.Pt(30, 20) {
		t.Errorf("the first is %v", got)
	}
	if got := l.Pictures["p1@x"].Bounds().Size(); got != image.Pt(1440, 480) {
		t.Errorf("the second is %v", got)
	}
}

// TestPicturesInTheHTMLItselfAreShown shows a picture of a data URL like those
// of the letter's parts, and no drawing.
func TestPicturesInTheHTMLItselfAreShown(t *testing.T) {
	f := newFixture(t)
	r := newReading(f)
	html := `<p>Look:</p><img src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(pngOf(t, 30, 20)) + `" alt="a"><img src="data:image/svg+xml;base64,PHN2Zy8+" alt="drawing">` +
		`<img src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(claiming(t, 60_000, 60_000)) + `" alt="huge">`
	r.open(f.letter("From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + html))
	l := r.Letter()
	if len(l.Pictures) != 1 || l.Document.Remote != 0 {
		t.Fatalf("%d pictures, %d remote", len(l.Pictures), l.Document.Remote)
	}
	for _, p := range l.Pictures {
		if got := p.Bounds().Size(); got != image.Pt(30, 20) {
			t.Errorf("it is %v", got)
		}
	}
}

func FuzzPicture(f *testing.F) {
	f.Add(pngOf(f, 3, 2))
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02L\x01\x00;"))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		config, _, err := image.DecodeConfig(bytes.NewReader(b))
		if err != nil || config.Width <= 0 || config.Height <= 0 || config.Width > 1_000_000/config.Height {
			return
		}
		if img := decode(bytes.NewReader(b)); img != nil && (img.Bounds().Dx() > pictureWide || img.Bounds().Dy() > pictureHigh) {
			t.Errorf("it is shown at %v", img.Bounds())
		}
	})
}

func TestPicturesThatAreOnTheServerAreAskedForOnce(t *testing.T) {
	f := newFixture(t)
	id := f.add(localstore.RoleInbox, 1)[0]
	m := f.message(id)
	ctx := context.Background()
	blob := f.env.Store.NewBlob(ctx)
	if _, err := blob.Write([]byte(`<p>Look:</p><img src="cid:logo" alt="logo">`)); err != nil {
		t.Fatal(err)
	}
	blobs, err := f.env.Store.CompleteBlobs(ctx, blob)
	if err != nil {
		t.Fatal(err)
	}
	r := newReading(f)
	r.open(id)
	f.settle()
	f.changes()
	f.write(func(tx *localstore.Tx) error { // the text comes
		return tx.SetText(m.Content, []localstore.Part{{Section: "TEXT", Type: "multipart/related"}, {Section: "1", Type: "text/html", Size: 40, Blob: blobs[0].ID},
			{Section: "2", Type: "image/png", Size: 400}}, "Look:", 0)
	})
	r.Follow(f.changes())
	r.until(func() bool { return r.State() == Readable })
	wishes := func() (all []localstore.Wish) {
		f.read(func(v *localstore.View) (err error) {
			all, err = v.Wishes(f.account)
			return err
		})
		return all
	}
	for len(wishes()) == 0 {
		runtime.Gosched()
	}
	if w := wishes(); len(w) != 1 || w[0].Section != localstore.WishWhole || r.State() != Readable {
		t.Errorf("wishes %+v, state %v", w, r.State())
	}
}
