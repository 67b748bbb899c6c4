package fakeimap

import (
	"encoding/base64"
	"strings"
)

// authenticate is AUTHENTICATE (RFC 3501 §6.2.2, RFC 4959). The access token of
// a user is the password.
func (x *session) authenticate(mechanism string, args []value) bool {
	if !x.offers("AUTH=" + mechanism) {
		x.no("[CANNOT] unknown mechanism")
		return true
	}
	if x.lies("challenges") {
		x.conn.Flood("+ YWdhaW4=\r\n")
		return false
	}
	if mechanism == "LOGIN" {
		return x.loginMechanism()
	}
	var (
		said        string
		read, alive bool
	)
	if len(args) > 0 {
		said, read = decode(args[0].text)
	} else if said, read, alive = x.challenge(""); !alive {
		return false
	}
	if !read {
		x.bad("not base64")
		return true
	}
	x.conn.Password()
	switch mechanism {
	case "PLAIN":
		part := strings.Split(said, "\x00")
		if len(part) != 3 {
			x.bad("not a PLAIN response")
			return true
		}
		x.enter(x.server.World().SignIn(part[1], part[2]))
	case "XOAUTH2":
		return x.token(strings.TrimPrefix(saslField(said, 0), "user="), said, "")
	case "OAUTHBEARER":
		name := strings.TrimSuffix(strings.TrimPrefix(saslField(said, 0), "n,a="), ",")
		return x.token(strings.NewReplacer("=2C", ",", "=3D", "=").Replace(name), said, "\x01")
	}
	return true
}

// token signs in by access token. A wrong one is answered by a challenge with
// the reason, which the client has to acknowledge (RFC 7628 §3.2.3).
func (x *session) token(name, response, acknowledged string) bool {
	_, token, _ := strings.Cut(response, "auth=Bearer ")
	user := x.server.World().SignIn(name, saslField(token, 0))
	if user == nil {
		x.conn.Line("+ %s", base64.StdEncoding.EncodeToString([]byte(`{"status":"401","schemes":"bearer"}`)))
		answer, err := x.conn.ReadLine()
		if err != nil {
			return false
		}
		if strings.Contains(answer, " ") { // a command that was written before the challenge came
			x.bad("not base64")
			return true
		}
		if said, read := decode(answer); !read || said != acknowledged {
			x.conn.Sin("REFUSAL-NOT-ACKNOWLEDGED", said)
		}
	}
	x.enter(user)
	return true
}

// loginMechanism is AUTHENTICATE LOGIN.
func (x *session) loginMechanism() bool {
	var said [2]string
	for i, ask := range []string{"Username:", "Password:"} {
		answer, read, alive := x.challenge(ask)
		if !alive {
			return false
		}
		if !read {
			x.bad("not base64")
			return true
		}
		said[i] = answer
	}
	x.conn.Password()
	x.enter(x.server.World().SignIn(said[0], said[1]))
	return true
}

// challenge says a challenge and returns the decoded answer; read is false for
// one that is not base64, alive when the client has gone.
func (x *session) challenge(text string) (said string, read, alive bool) {
	x.conn.Line("+ %s", base64.StdEncoding.EncodeToString([]byte(text)))
	answer, err := x.conn.ReadLine()
	if err != nil {
		return "", false, false
	}
	said, read = decode(answer)
	return said, read, true
}

func decode(answer string) (string, bool) {
	raw, err := base64.StdEncoding.DecodeString(answer)
	return string(raw), err == nil
}

// saslField returns the i-th of the fields that 0x01 ends.
func saslField(s string, i int) string {
	fields := strings.Split(s, "\x01")
	if i >= len(fields) {
		return ""
	}
	return fields[i]
}
