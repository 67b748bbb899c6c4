package testmail

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"time"
)

// pdf returns a document of one page with the lines, about size bytes long.
func pdf(name string, size int, lines ...string) file {
	var page strings.Builder
	page.WriteString("BT /F1 12 Tf 60 780 Td 16 TL\n")
	for _, l := range lines {
		page.WriteString("(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(l) + ") Tj T*\n")
	}
	page.WriteString("ET\n")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	if fill := size - page.Len() - 800; fill > 0 {
		data := newSource(uint64(len(name)), uint64(size)).bytes(fill)
		objects = append(objects, fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", fill, data))
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return file{name, "application/pdf", b.Bytes()}
}

// archive returns a zip with files of random bytes, size bytes in all.
func archive(name string, size int, names ...string) file {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, n := range names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: n, Method: zip.Store, Modified: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)})
		if err == nil {
			w.Write(newSource(uint64(size), uint64(i)).bytes(size / len(names)))
		}
	}
	z.Close()
	return file{name, "application/zip", b.Bytes()}
}

// picture returns a small landscape: sky, sea, a sun; hue makes them differ.
func picture(name string, width, height int, hue uint64) file {
	s := newSource(hue, 7)
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	horizon := height*2/5 + s.below(height/4)
	sunX, sunY, r := width/4+s.below(width/2), horizon/2, height/10
	for y := range height {
		for x := range width {
			c := color.RGBA{uint8(120 + 90*y/height), uint8(160 + 50*y/height), 230, 255}
			if y > horizon {
				c = color.RGBA{20, uint8(70 + 60*(y-horizon)/height), uint8(110 + s.below(12)), 255}
			} else if (x-sunX)*(x-sunX)+(y-sunY)*(y-sunY) < r*r {
				c = color.RGBA{250, uint8(190 + hue*13%60), 110, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	// Stored, since what compression gives may differ from release to release.
	(&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&b, img)
	return file{name, "image/png", b.Bytes()}
}

// invitation returns a meeting as iCalendar (RFC 5545).
func invitation(title, place string, start time.Time, length time.Duration) file {
	const stamp = "20060102T150405Z"
	text := strings.Join([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//calendar//EN", "METHOD:REQUEST", "BEGIN:VEVENT",
		"UID:" + start.UTC().Format(stamp) + "@calendar.example", "DTSTAMP:" + start.UTC().Format(stamp),
		"DTSTART:" + start.UTC().Format(stamp), "DTEND:" + start.Add(length).UTC().Format(stamp),
		"SUMMARY:" + title, "LOCATION:" + place, "END:VEVENT", "END:VCALENDAR", "",
	}, "\r\n")
	return file{"invite.ics", "text/calendar; charset=utf-8; method=REQUEST", []byte(text)}
}
