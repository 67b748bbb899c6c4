package vm

import (
	"net/url"
	"strconv"
	"strings"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// ServerInput is a server as it is typed.
type ServerInput struct {
	Host, Port string
	Security   localstore.Security
	User       string // "": the address
}

// AccountInput is what the form for an account holds.
type AccountInput struct {
	FullName, Address, Password string
	Mode                        localstore.Mode
	In, Out                     ServerInput
	PopDelete                   localstore.DeletePolicy
	PopDays                     string
	PopLimit                    int64           // bytes; 0: mail of any size is fetched by itself
	Auth                        localstore.Auth // what Password is
}

// secretWord is what to call what an account signs in with.
func secretWord(auth localstore.Auth) string {
	if auth == localstore.AuthPassword {
		return "password"
	}
	return "access token"
}

// The usual ports of each protection (RFC 8314 §7, RFC 6409, RFC 3501, RFC 1939).
var usualPorts = map[localstore.Mode]map[localstore.Security]string{
	localstore.IMAP: {localstore.TLS: "993", localstore.STARTTLS: "143", localstore.Plain: "143"},
	localstore.POP:  {localstore.TLS: "995", localstore.STARTTLS: "110", localstore.Plain: "110"},
}

var usualOutPorts = map[localstore.Security]string{localstore.TLS: "465", localstore.STARTTLS: "587", localstore.Plain: "25"}

// guessed fills in the servers that the domain of an address usually has.
func guessed(in AccountInput) AccountInput {
	domain := domainOf(in.Address)
	if domain == "" {
		return in
	}
	prefix := "imap."
	if in.Mode == localstore.POP {
		prefix = "pop."
	}
	in.In.Host, in.Out.Host = prefix+domain, "smtp."+domain
	return in
}

func domainOf(address string) string {
	_, domain, ok := strings.Cut(strings.TrimSpace(address), "@")
	if !ok || !strings.Contains(domain, ".") || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") {
		return ""
	}
	return strings.ToLower(domain)
}

// AccountField is a field of the form that can be wrong.
type AccountField int

// The fields. ForAll is the form as a whole.
const (
	ForAll AccountField = iota
	ForName
	ForAddress
	ForPassword
	ForIn
	ForOut
	ForDays
	accountFields
)

// checked looks at what was typed and returns the account it stands for.
func (in AccountInput) checked() (a localstore.Account, wrong map[AccountField]string) {
	wrong = map[AccountField]string{}
	a = localstore.Account{FullName: strings.Join(strings.Fields(in.FullName), " "), Address: strings.TrimSpace(in.Address), Mode: in.Mode,
		PopDelete: in.PopDelete, PopLimit: in.PopLimit, Policy: localstore.FetchText, PolicyDays: 90}
	one := letter.ParseAddresses(a.Address)
	switch {
	case a.Address == "":
		wrong[ForAddress] = "Please type your e-mail address."
	case len(one) != 1 || one[0].Addr != a.Address || addressProblem(a.Address) != "" || domainOf(a.Address) == "" && !strings.HasSuffix(a.Address, "@localhost"):
		wrong[ForAddress] = "This is no complete address, such as mara@example.org."
	}
	if in.Password == "" {
		wrong[ForPassword] = "Please type the " + secretWord(in.Auth) + " of the mailbox."
	} else if strings.ContainsAny(in.Password, "\r\n\x00") {
		wrong[ForPassword] = "The " + secretWord(in.Auth) + " cannot hold line breaks."
	}
	var problem string
	if a.SMTP, problem = in.Out.server(a.Address); problem != "" {
		wrong[ForOut] = problem
	}
	incoming, problem := in.In.server(a.Address)
	if problem != "" {
		wrong[ForIn] = problem
	}
	a.SMTP.Auth, incoming.Auth = in.Auth, in.Auth
	if a.Mode == localstore.POP {
		a.POP = incoming
	} else {
		a.IMAP = incoming
	}
	if a.PopDelete == localstore.DeleteDays {
		days, err := strconv.Atoi(strings.TrimSpace(in.PopDays))
		if err != nil || days < 1 || days > 10_000 {
			wrong[ForDays] = "Please type a number of days."
		}
		a.PopDays = days
	}
	return a, wrong
}

// server is the server that was typed; problem says what it lacks.
func (s ServerInput) server(address string) (out localstore.Server, problem string) {
	out = localstore.Server{Host: strings.TrimSpace(s.Host), Security: s.Security, User: strings.TrimSpace(s.User)}
	if out.User == "" {
		out.User = address
	}
	port, err := strconv.Atoi(strings.TrimSpace(s.Port))
	switch {
	case out.Host == "":
		return out, "Which server?"
	case !isHost(out.Host):
		return out, "“" + out.Host + "” is no name of a server."
	case err != nil || port < 1 || port > 65535:
		return out, "The port is a number, such as 993."
	case strings.ContainsAny(out.User, "\r\n\x00"):
		return out, "A user name cannot hold line breaks."
	case s.Security == localstore.Plain && !isLoopback(out.Host):
		return out, "Without encryption everybody on the way can read your password. Choose TLS or STARTTLS."
	}
	out.Port = port
	return out, ""
}

func isHost(s string) bool {
	u, err := url.Parse("//" + s)
	return err == nil && u.Host == s && u.Port() == "" && !strings.ContainsAny(s, " /@")
}

// isLoopback tells this computer itself.
func isLoopback(host string) bool {
	return host == "localhost" || host == "[::1]" || host == "::1" || strings.HasPrefix(host, "127.")
}
