package fakesmtp

import (
	"encoding/base64"
	"slices"
	"strings"

	"paquebot.app/internal/fakeserver"
)

// authLine is how long a line with an initial response may be (RFC 4954 §4).
const authLine = 512

// auth is AUTH (RFC 4954) with or without an initial response. The access token
// of a user is the password.
func (x *session) auth(arg string) bool {
	mechanism, initial, has := strings.Cut(arg, " ")
	mechanism = strings.ToUpper(mechanism)
	if x.server.script.Fires("auth-334-flood") {
		x.conn.Password()
		x.conn.Flood("334 YWdhaW4=\r\n")
		return false
	}
	switch {
	case !x.hello || x.user != nil:
		x.conn.Line("503 5.5.1 not now")
		return true
	case !x.offers("AUTH"):
		x.conn.Line("502 5.5.1 not offered")
		return true
	case len("AUTH ")+len(arg)+len("\r\n") > authLine:
		x.conn.Sin("AUTH-LINE-TOO-LONG", "")
		x.conn.Line("500 5.5.6 line too long")
		return true
	case !slices.Contains(x.server.options.Mechanisms, mechanism):
		x.conn.Line("504 5.5.4 unknown mechanism")
		return true
	}
	challenge := ""
	if mechanism == "LOGIN" {
		challenge = "Username:"
	}
	said, alive, ok := x.response(challenge, initial, has)
	if !ok {
		return alive
	}
	x.conn.Password()
	switch mechanism {
	case "PLAIN":
		part := append(strings.Split(said, "\x00"), "", "")
		x.enter(x.server.World().SignIn(part[1], part[2]))
	case "LOGIN":
		password, alive, ok := x.response("Password:", "", false)
		if !ok {
			return alive
		}
		x.enter(x.server.World().SignIn(said, password))
	case "XOAUTH2":
		return x.token(strings.TrimPrefix(field(said, 0), "user="), said, "")
	case "OAUTHBEARER":
		name := strings.TrimSuffix(strings.TrimPrefix(field(said, 0), "n,a="), ",")
		return x.token(strings.NewReplacer("=2C", ",", "=3D", "=").Replace(name), said, "\x01")
	}
	return true
}

// enter answers a sign-in; u is nil where it is refused.
func (x *session) enter(u *fakeserver.User) {
	if x.user = u; u == nil {
		x.conn.Line("535 5.7.8 wrong name or password")
		return
	}
	x.conn.Line("235 2.7.0 welcome")
}

// token signs in by access token. A wrong one is answered by a challenge with
// the reason, which the client has to acknowledge (RFC 7628 §3.2.3).
func (x *session) token(name, response, acknowledged string) bool {
	_, token, _ := strings.Cut(response, "auth=Bearer ")
	user := x.server.World().SignIn(name, field(token, 0))
	if user == nil {
		said, alive, ok := x.response(`{"status":"401","schemes":"bearer"}`, "", false)
		if !ok || said != acknowledged {
			x.conn.Sin("REFUSAL-NOT-ACKNOWLEDGED", said)
		}
		if !ok {
			return alive
		}
	}
	x.enter(user)
	return true
}

// field returns the i-th of the fields that 0x01 ends.
func field(s string, i int) string {
	fields := strings.Split(s, "\x01")
	if i >= len(fields) {
		return ""
	}
	return fields[i]
}

// response returns the client's answer to a challenge, which is not put where
// the client gave the answer at once. ok is false where there is none, alive
// where the client has gone.
func (x *session) response(challenge, initial string, has bool) (text string, alive, ok bool) {
	if !has {
		x.conn.Line("334 %s", base64.StdEncoding.EncodeToString([]byte(challenge)))
		var err error
		if initial, err = x.conn.ReadLine(); err != nil {
			return "", false, false
		}
	}
	if initial == "*" {
		x.conn.Line("501 5.7.0 cancelled")
		return "", true, false
	}
	raw, err := base64.StdEncoding.DecodeString(initial)
	if err != nil {
		x.conn.Line("501 5.5.2 not base64")
		return "", true, false
	}
	return string(raw), true, true
}
