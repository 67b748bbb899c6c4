package score

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Width is that of the pages compared.
const Width = 700

// script writes the words of a page, and where they stand, into the page.
const script = `<script>window.addEventListener('load',function(){var out=[];var w=document.createTreeWalker(document.body,NodeFilter.SHOW_TEXT);var n;
while(n=w.nextNode()){var p=n.parentElement;if(!p||/SCRIPT|STYLE/.test(p.tagName))continue;var cs=getComputedStyle(p);if(cs.visibility!='visible')continue;
var re=/[\u3001-\u9fff\uff00-\uffef\uac00-\ud7af]|[^\s\u00a0\u200b\u3000-\u9fff\uff00-\uffef\uac00-\ud7af]+/g,m;
while(m=re.exec(n.data)){var r=document.createRange();r.setStart(n,m.index);r.setEnd(n,m.index+m[0].length);var b=r.getClientRects();if(!b.length)continue;b=b[0];if(b.width<1)continue;
var f=function(v){return Math.round(v*100)/100};out.push([m[0],f(b.left+scrollX),f(b.top+scrollY),f(b.width),f(b.height),cs.color,parseFloat(cs.fontSize)]);}}
var s=document.createElement('script');s.type='text/x-json';s.textContent='@@@'+btoa(unescape(encodeURIComponent(JSON.stringify({h:Math.max(document.documentElement.scrollHeight,document.body.scrollHeight),v:window.innerHeight,w:out}))))+'@@@';
document.documentElement.appendChild(s);});</script>`

// Installed is the path of Chromium, "" where it is not installed.
func Installed() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return ""
}

var (
	scripts  = regexp.MustCompile(`(?is)<script.*?</script>`)
	images   = regexp.MustCompile(`(?is)<img\b[^>]*>`)
	source   = regexp.MustCompile(`(?is)\bsrc\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)`)
	measures = map[string]*regexp.Regexp{
		"width":  regexp.MustCompile(`(?i)\bwidth\s*=\s*["']?(\d+)(%?)`),
		"height": regexp.MustCompile(`(?i)\bheight\s*=\s*["']?(\d+)(%?)`),
	}
	address = regexp.MustCompile(`(?i)url\(\s*['"]?https?:[^)]*\)`)
)

// Prepare replaces the remote pictures of a mail by plain ones, the same for
// both who show it, and takes its scripts out.
func Prepare(src string, cid func(id string) []byte) string {
	src = scripts.ReplaceAllString(src, "")
	src = address.ReplaceAllString(src, "none")
	return images.ReplaceAllStringFunc(src, func(tag string) string {
		m := source.FindStringSubmatchIndex(tag)
		if m == nil {
			return tag
		}
		at := strings.Trim(tag[m[2]:m[3]], `"'`)
		if strings.HasPrefix(at, "data:") {
			return tag
		}
		var data []byte
		if id, ok := strings.CutPrefix(at, "cid:"); ok && cid != nil {
			data = cid(id)
		}
		if data == nil {
			data = placeholder(measure(tag, "width"), measure(tag, "height"))
		}
		return tag[:m[0]] + `src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(data) + `"` + tag[m[1]:]
	})
}

func measure(tag, name string) int {
	m := measures[name].FindStringSubmatch(tag)
	if m == nil || m[2] == "%" {
		return 0
	}
	v, _ := strconv.Atoi(m[1])
	return min(v, 2000)
}

// placeholder is a plain picture.
func placeholder(w, h int) []byte {
	switch {
	case w == 0 && h == 0:
		w, h = 120, 60
	case w == 0:
		w = h * 2
	case h == 0:
		h = max(1, w/2)
	}
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.RGBA{150, 190, 170, 255}})
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

// Chromium shows a prepared mail in Chromium, which must be installed, and
// returns its words and its picture.
func Chromium(ctx context.Context, src string) (Page, *image.Gray, error) {
	var page Page
	dir, err := os.MkdirTemp("", "score")
	if err != nil {
		return page, nil, err
	}
	defer os.RemoveAll(dir)
	if strings.Contains(src, "<head>") {
		src = strings.Replace(src, "<head>", "<head><meta charset=utf-8>", 1)
	} else if !strings.Contains(strings.ToLower(src[:min(len(src), 200)]), "<!doctype") {
		src = "<meta charset=utf-8>" + src
	} else {
		end := strings.IndexByte(src, '>') + 1
		src = src[:end] + "<meta charset=utf-8>" + src[end:]
	}
	file := filepath.Join(dir, "mail.html")
	if err := os.WriteFile(file, []byte(src+script), 0o600); err != nil {
		return page, nil, err
	}
	run := func(args ...string) ([]byte, error) {
		ctx, cancel := context.WithTimeout(ctx, time.Minute) // a dialogue would wait for ever
		defer cancel()
		all := append([]string{"--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
			"--disable-sync", "--disable-quic", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND", "--force-device-scale-factor=1",
			"--user-data-dir=" + filepath.Join(dir, "profile")}, args...)
		return exec.CommandContext(ctx, Installed(), append(all, "file://"+file)...).Output()
	}
	out, err := run(fmt.Sprintf("--window-size=%d,800", Width), "--dump-dom")
	if err != nil {
		return page, nil, err
	}
	parts := bytes.Split(out, []byte("@@@"))
	if len(parts) < 3 {
		return page, nil, errors.New("chromium: no words came back")
	}
	data, err := base64.StdEncoding.DecodeString(string(parts[len(parts)-2]))
	if err != nil {
		return page, nil, err
	}
	if err := json.Unmarshal(data, &page); err != nil {
		return page, nil, err
	}
	shot := filepath.Join(dir, "shot.png")
	height := min(max(int(page.Height), 200), maxRows)
	if _, err := run(fmt.Sprintf("--window-size=%d,%d", Width, height), "--screenshot="+shot); err != nil {
		return page, nil, err
	}
	f, err := os.Open(shot)
	if err != nil {
		return page, nil, err
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		return page, nil, err
	}
	return page, Grey(img), nil
}
