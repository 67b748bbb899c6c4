package fakeimap

import (
	"slices"
	"strings"

	"paquebot.app/internal/fakeserver"
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

// signIn is LOGIN, and AUTHENTICATE with or without an initial response.
func (x *session) signIn(verb string, args []value) bool {
	switch {
	case verb == "LOGIN" && x.server.hides("LOGIN"):
		x.conn.Sin("LOGIN-ALTHOUGH-DISABLED", "")
		x.no("[CANNOT] no LOGIN here")
		return true
	case verb == "LOGIN" && len(args) == 2:
		x.conn.Password()
		x.enter(x.server.World().SignIn(args[0].text, args[1].text))
		return true
	case verb == "AUTHENTICATE" && len(args) > 0:
		return x.authenticate(strings.ToUpper(args[0].text), args[1:])
	}
	x.bad("%v", errSyntax)
	return true
}

// enter answers a sign-in; u is nil where it is refused.
func (x *session) enter(u *fakeserver.User) {
	if x.user = u; u == nil {
		x.no("[AUTHENTICATIONFAILED] wrong name or password")
		return
	}
	x.alerts()
	x.ok("[CAPABILITY %s] welcome", x.capabilities())
}

// extensions are offered unless they are hidden.
var extensions = []string{
	"LITERAL+", "SASL-IR", "ENABLE", "ID", "IDLE", "UIDPLUS", "MOVE", "SPECIAL-USE",
	"LIST-EXTENDED", "LIST-STATUS", "CHILDREN", "ESEARCH", "UNSELECT", "NAMESPACE",
	"CONDSTORE", "QRESYNC",
}

func (x *session) capabilities() string {
	all := []string{"IMAP4rev1"}
	offered := []string{"STARTTLS"}
	for _, m := range x.server.options.Mechanisms {
		offered = append(offered, "AUTH="+m)
	}
	for _, c := range append(offered, extensions...) {
		if x.offers(c) {
			all = append(all, c)
		}
	}
	if x.user == nil && (x.server.hides("LOGIN") || x.lies("login-disabled") && !x.conn.Secure()) {
		all = append(all, "LOGINDISABLED")
	}
	if x.lies("compress-bomb") {
		all = append(all, "COMPRESS=DEFLATE")
	}
	if x.lies("capability-lies") {
		all = append(all, "COMPRESS=DEFLATE", "NOTIFY", "X-UNHEARD-OF=1", "UTF8=ACCEPT")
	}
	return strings.Join(append(all, x.server.options.Also...), " ")
}

// offers tells whether a capability is offered now.
func (x *session) offers(capability string) bool {
	if x.server.hides(capability) || x.lies("no-"+strings.ToLower(capability)) {
		return false
	}
	if m, ok := strings.CutPrefix(capability, "AUTH="); ok {
		return x.user == nil && slices.Contains(x.server.options.Mechanisms, m)
	}
	switch capability {
	case "STARTTLS":
		return x.conn.OfferTLS() && x.user == nil
	case "IDLE", "UIDPLUS", "MOVE", "QRESYNC":
		return x.user == nil || !x.lies("capability-changes")
	}
	return slices.Contains(extensions, capability)
}
