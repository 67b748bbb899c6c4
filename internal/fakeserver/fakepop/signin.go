package fakepop

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// timestamp is what the greeting has for APOP, with a blank before it.
func (x *session) timestamp() string {
	if !x.server.options.APOP {
		return ""
	}
	return " " + x.stamp()
}

func (x *session) stamp() string { return fmt.Sprintf("<%d.1896@demo.example>", x.conn.ID) }

// apop is RFC 1939 §7.
func (x *session) apop(arg string) {
	name, digest, _ := strings.Cut(arg, " ")
	user := x.server.World().User(name)
	if user != nil {
		want := md5.Sum([]byte(x.stamp() + user.Password()))
		if !strings.EqualFold(digest, hex.EncodeToString(want[:])) {
			user = nil
		}
	}
	x.enter(user)
}

// auth is AUTH with or without an initial response (RFC 5034 §4). The access
// token of a user is the password.
func (x *session) auth(arg string) bool {
	mechanism, response, has := strings.Cut(arg, " ")
	mechanism = strings.ToUpper(mechanism)
	known := slices.Contains(x.server.options.Mechanisms, mechanism)
	switch {
	case mechanism == "":
		x.conn.Line("+OK")
		for _, m := range x.server.options.Mechanisms {
			x.conn.Line("%s", m)
		}
		x.conn.Line(".")
		return true
	case !known:
		x.conn.Line("-ERR unknown mechanism")
		return true
	case mechanism == "LOGIN":
		return x.login()
	case !has:
		var open bool
		if response, open = x.challenge(""); !open {
			return false
		}
	}
	decoded, err := base64.StdEncoding.DecodeString(response)
	if err != nil {
		x.conn.Line("-ERR not base64")
		return true
	}
	switch mechanism {
	case "PLAIN":
		part := strings.Split(string(decoded), "\x00")
		if len(part) != 3 {
			x.conn.Line("-ERR not a PLAIN response")
			return true
		}
		x.signIn(part[1], part[2])
	case "XOAUTH2":
		return x.token(strings.TrimPrefix(field(string(decoded), 0), "user="), string(decoded), "")
	case "OAUTHBEARER":
		name := strings.TrimSuffix(strings.TrimPrefix(field(string(decoded), 0), "n,a="), ",")
		return x.token(strings.NewReplacer("=2C", ",", "=3D", "=").Replace(name), string(decoded), "\x01")
	}
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

// token signs in by access token. A wrong one is answered by a challenge with
// the reason, which the client has to acknowledge (RFC 7628 §3.2.3).
func (x *session) token(name, response, acknowledged string) bool {
	x.conn.Password()
	_, token, _ := strings.Cut(response, "auth=Bearer ")
	user := x.server.World().SignIn(name, field(token, 0))
	if user == nil {
		answer, open := x.challenge(`{"status":"401","schemes":"bearer"}`)
		decoded, err := base64.StdEncoding.DecodeString(answer)
		if open && (err != nil || string(decoded) != acknowledged) {
			x.conn.Sin("REFUSAL-NOT-ACKNOWLEDGED", answer)
		}
		if !open {
			return false
		}
	}
	x.enter(user)
	return true
}

// login is the mechanism LOGIN.
func (x *session) login() bool {
	var said [2]string
	for i, ask := range []string{"Username:", "Password:"} {
		answer, open := x.challenge(ask)
		if !open {
			return false
		}
		decoded, err := base64.StdEncoding.DecodeString(answer)
		if err != nil {
			x.conn.Line("-ERR not base64")
			return true
		}
		said[i] = string(decoded)
	}
	x.signIn(said[0], said[1])
	return true
}

// challenge says a challenge and returns the answer, false when the client has
// gone.
func (x *session) challenge(text string) (string, bool) {
	x.conn.Line("+ %s", base64.StdEncoding.EncodeToString([]byte(text)))
	answer, err := x.conn.ReadLine()
	return answer, err == nil
}
