package main

import (
	"strconv"
	"strings"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/netconn"
)

// server turns the flags about one server into its settings.
func (f accountFlags) server(flag, hostPort, security, user string) (localstore.Server, error) {
	s := localstore.Server{Security: localstore.Security(security), User: user, CAFile: f.caFile, Insecure: f.insecure}
	var err error
	if s.Auth, err = parseAuth(f.auth); err != nil {
		return s, err
	}
	if s.Host, s.Port, err = netconn.ParseAddress(hostPort); err != nil {
		return s, usage("%s needs HOST:PORT: %w", flag, err)
	}
	switch s.Security {
	case localstore.TLS, localstore.STARTTLS, localstore.Plain:
	default:
		return s, usage("%s-tls is tls, starttls or plain", flag)
	}
	if s.Security == localstore.Plain && !s.Insecure && !netconn.Loopback(s.Host) {
		return s, &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Settings, Op: "account", Text: "Without encryption everybody on the way to " + s.Host + " can read your password. If you mean it, add --insecure."}
	}
	return s, nil
}

func parseDelete(s string) (localstore.DeletePolicy, int, error) {
	if days, ok := strings.CutPrefix(s, "days:"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 {
			return "", 0, usage("--pop-delete days:N needs a number of days")
		}
		return localstore.DeleteDays, n, nil
	}
	switch p := localstore.DeletePolicy(s); p {
	case localstore.DeleteNow, localstore.DeleteWhen, localstore.DeleteNever:
		return p, 0, nil
	}
	return "", 0, usage("--pop-delete is now, days:N, when-deleted or never")
}

func parsePolicy(s string) (localstore.BodyPolicy, int, error) {
	if days, ok := strings.CutPrefix(s, "text:"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 {
			return "", 0, usage("--policy text:N needs a number of days")
		}
		return localstore.FetchText, n, nil
	}
	switch p := localstore.BodyPolicy(s); p {
	case localstore.FetchNone, localstore.FetchHeaders, localstore.FetchAll:
		return p, 0, nil
	}
	return "", 0, usage("--policy is none, headers, text:N or all")
}

// parseAuth reads how a server is told who signs in.
func parseAuth(s string) (localstore.Auth, error) {
	switch a := localstore.Auth(s); {
	case a == localstore.AuthPassword, s == "password":
		return localstore.AuthPassword, nil
	case a == localstore.AuthXOAUTH2, a == localstore.AuthOAuthBearer:
		return a, nil
	}
	return "", usage("--auth is password, xoauth2 or oauthbearer")
}

// parseSize reads a number of bytes as a person writes it: 500k, 5M, 1G.
func parseSize(flag, s string) (int64, error) {
	digits := strings.TrimRight(strings.ToLower(s), "kmg")
	unit, known := map[string]int64{"": 1, "k": 1000, "m": 1000 * 1000, "g": 1000 * 1000 * 1000}[strings.ToLower(s[len(digits):])]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !known || n < 0 || n > (1<<50)/unit {
		return 0, usage("--%s needs a size, such as 500k or 5M; 0 is no limit", flag)
	}
	return n * unit, nil
}
