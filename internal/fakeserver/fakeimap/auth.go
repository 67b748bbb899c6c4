package fakeimap

import (
	"encoding/base64"
	"slices"
	"strings"
)

// mayNotSignIn tells whether a password is refused because of its way here.
func (x *session) mayNotSignIn() bool {
	if x.lies("login-disabled") && !x.conn.Secure() {
		x.conn.Sin("LOGIN-ALTHOUGH-DISABLED", "")
		return true
	}
	return false
}

func (x *session) startTLS() bool {
	if !x.offers("STARTTLS") {
		x.bad("not offered")
		return true
	}
	x.ok("begin TLS now")
	if x.fires("starttls-inject") {
		x.conn.Line(`* LIST (\HasNoChildren) "/" EVIL`)
		x.conn.Line("* CAPABILITY IMAP4rev1 X-EVIL")
	}
	return x.conn.UpgradeTLS() == nil
}

// signIn is LOGIN, and AUTHENTICATE PLAIN with or without an initial response.
func (x *session) signIn(verb string, args []value) bool {
	var name, password string
	switch {
	case verb == "LOGIN" && len(args) == 2:
		name, password = args[0].text, args[1].text
	case verb == "AUTHENTICATE" && len(args) > 0 && args[0].is("PLAIN") && x.offers("AUTH=PLAIN"):
		var response string
		if len(args) > 1 {
			response = args[1].text
		} else {
			x.conn.Line("+ ")
			var err error
			if response, err = x.conn.ReadLine(); err != nil {
				return false
			}
		}
		plain, err := base64.StdEncoding.DecodeString(response)
		part := strings.Split(string(plain), "\x00")
		if err != nil || len(part) != 3 {
			x.bad("not a PLAIN response")
			return true
		}
		name, password = part[1], part[2]
	case verb == "AUTHENTICATE" && len(args) > 0:
		x.no("[CANNOT] unknown mechanism")
		return true
	default:
		x.bad("%v", errSyntax)
		return true
	}
	x.conn.Password()
	if x.user = x.server.World().SignIn(name, password); x.user == nil {
		x.no("[AUTHENTICATIONFAILED] wrong name or password")
		return true
	}
	x.alerts()
	x.ok("[CAPABILITY %s] welcome", x.capabilities())
	return true
}

// extensions are offered unless they are hidden.
var extensions = []string{
	"LITERAL+", "SASL-IR", "ENABLE", "ID", "IDLE", "UIDPLUS", "MOVE", "SPECIAL-USE",
	"LIST-EXTENDED", "LIST-STATUS", "CHILDREN", "ESEARCH", "UNSELECT", "NAMESPACE",
	"CONDSTORE", "QRESYNC",
}

func (x *session) capabilities() string {
	all := []string{"IMAP4rev1"}
	for _, c := range append([]string{"STARTTLS", "AUTH=PLAIN"}, extensions...) {
		if x.offers(c) {
			all = append(all, c)
		}
	}
	if x.user == nil && x.lies("login-disabled") && !x.conn.Secure() {
		all = append(all, "LOGINDISABLED")
	}
	if x.lies("compress-bomb") {
		all = append(all, "COMPRESS=DEFLATE")
	}
	if x.lies("capability-lies") {
		all = append(all, "COMPRESS=DEFLATE", "NOTIFY", "X-UNHEARD-OF=1", "UTF8=ACCEPT")
	}
	return strings.Join(all, " ")
}

// offers tells whether a capability is offered now.
func (x *session) offers(capability string) bool {
	if x.server.hides(capability) || x.lies("no-"+strings.ToLower(capability)) {
		return false
	}
	switch capability {
	case "STARTTLS":
		return x.conn.OfferTLS() && x.user == nil
	case "AUTH=PLAIN":
		return x.user == nil
	case "IDLE", "UIDPLUS", "MOVE", "QRESYNC":
		return x.user == nil || !x.lies("capability-changes")
	}
	return slices.Contains(extensions, capability)
}
