package netconn

import (
	"fmt"
	"net"
	"strconv"

	"paquebot.app/localstore"
)

// ParseAddress reads HOST:PORT as a person writes it.
func ParseAddress(s string) (host string, port int, err error) {
	host, digits, err := net.SplitHostPort(s)
	if err != nil || host == "" {
		return "", 0, fmt.Errorf("%q is not HOST:PORT", s)
	}
	port, err = strconv.Atoi(digits)
	if err != nil || port < 1 || port > 65535 {
		return "", 0, fmt.Errorf("%q is no port", digits)
	}
	return host, port, nil
}

// Address writes a server's host and port as ParseAddress reads it.
func Address(s localstore.Server) string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Loopback tells whether host is this computer by its own name or number, so
// that a connection to it needs no protection.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
