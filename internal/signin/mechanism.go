package signin

import (
	"strings"

	"github.com/emersion/go-sasl"
)

// XOAUTH2 is the name of the mechanism that Google and Microsoft had before
// RFC 7628.
const XOAUTH2 = "XOAUTH2"

// Server is which user of which server signs in, and how.
type Server struct {
	Method string // "xoauth2" or "oauthbearer": the secret is an access token; else it is a password
	Host   string
	Port   int
	User   string
}

// Token returns the mechanism for a method by access token, and nil for a
// method by password.
func Token(server Server, token string) sasl.Client {
	switch server.Method {
	case "xoauth2":
		return &xoauth2{user: server.User, token: token}
	case "oauthbearer":
		return &bearer{Client: sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{
			Username: escaped(server.User), Token: token, Host: server.Host, Port: server.Port})}
	}
	return nil
}

// Password returns the best of the mechanisms by password that a server
// offers, by their names in upper case; nil where it offers none that we know.
func Password(user, password string, offered func(mechanism string) bool) sasl.Client {
	switch {
	case offered(sasl.Plain):
		return sasl.NewPlainClient("", user, password)
	case offered(sasl.Login):
		return &login{user: user, password: password}
	}
	return nil
}

// login is the mechanism LOGIN, which no RFC describes: the server asks twice.
// Unlike the library's it says nothing with the command, since not every server
// takes that, and does not mind how the questions are worded.
type login struct {
	user, password string
	named          bool
}

// Start implements sasl.Client.
func (*login) Start() (string, []byte, error) { return sasl.Login, nil, nil }

// Next implements sasl.Client.
func (l *login) Next([]byte) ([]byte, error) {
	if !l.named {
		l.named = true
		return []byte(l.user), nil
	}
	return []byte(l.password), nil
}

// xoauth2 is https://developers.google.com/workspace/gmail/imap/xoauth2-protocol.
type xoauth2 struct{ user, token string }

// Start implements sasl.Client.
func (x *xoauth2) Start() (string, []byte, error) {
	return XOAUTH2, []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next implements sasl.Client. The only challenge is the reason of a refusal,
// which an empty answer acknowledges.
func (*xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }

// bearer is OAUTHBEARER (RFC 7628) that answers the reason of a refusal as
// §3.2.3 demands, where the library would break the exchange off.
type bearer struct{ sasl.Client }

// Next implements sasl.Client.
func (*bearer) Next([]byte) ([]byte, error) { return []byte{1}, nil }

// escaped returns a user name that no mechanism can take for more than a name
// (RFC 5801 §4).
func escaped(user string) string {
	return strings.NewReplacer("=", "=3D", ",", "=2C").Replace(user)
}
