package switching

import (
	"slices"
	"strings"

	"paquebot.app/localstore"
)

// Servers returns where the server of an account's other mode may be: where it
// was, else on the same host, else on one that is usually called so.
func Servers(a localstore.Account, to localstore.Mode) []localstore.Server {
	now, known := a.Incoming(), a.IMAP
	if to == localstore.POP {
		known = a.POP
	}
	if known.Host != "" {
		return []localstore.Server{known}
	}
	port, names := 993, []string{"imap."}
	if to == localstore.POP {
		port, names = 995, []string{"pop.", "pop3."}
	}
	hosts := []string{now.Host}
	if first, domain, ok := strings.Cut(now.Host, "."); ok && slices.Contains([]string{"imap", "pop", "pop3", "mail"}, first) {
		for _, name := range append(names, "mail.") {
			if host := name + domain; host != now.Host {
				hosts = append(hosts, host)
			}
		}
	}
	var all []localstore.Server
	for _, host := range hosts {
		s := now
		s.Host, s.Port, s.Security = host, port, localstore.TLS
		all = append(all, s)
	}
	return all
}
