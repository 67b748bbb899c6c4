package fakeserver

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"sync"
	"time"
)

// Certificate is what a server shows to prove who it is.
type Certificate int

const (
	Good       Certificate = iota // for 127.0.0.1, ::1 and localhost, signed by CA
	Expired                       // like Good, but over since 2020
	WrongHost                     // signed by CA, for elsewhere.example
	SelfSigned                    // signed by itself
)

// Keys come from fixed seeds, so that a certificate is the same in each run
// and a test may pin it. They protect nothing.
func key(seed byte) ed25519.PrivateKey {
	s := make([]byte, ed25519.SeedSize)
	s[0] = seed
	return ed25519.NewKeyFromSeed(s)
}

var authority = sync.OnceValue(func() *x509.Certificate {
	t := template(1, "Paquebot test authority")
	t.IsCA, t.BasicConstraintsValid = true, true
	t.KeyUsage = x509.KeyUsageCertSign
	return sign(t, t, key(1), key(1))
})

// CA returns a pool holding only the authority that signs the servers'
// certificates.
func CA() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(authority())
	return pool
}

// CAPEM returns that authority as a PEM file.
func CAPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority().Raw})
}

// X509 returns the certificate itself, for a test that pins it.
func (c Certificate) X509() *x509.Certificate {
	t := template(2+int64(c), "localhost")
	t.DNSNames = []string{"localhost"}
	t.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	switch c {
	case Expired:
		t.NotBefore, t.NotAfter = t.NotBefore.AddDate(-2, 0, 0), t.NotBefore
	case WrongHost:
		t.Subject.CommonName = "elsewhere.example"
		t.DNSNames, t.IPAddresses = []string{"elsewhere.example"}, nil
	case SelfSigned:
		return sign(t, t, c.key(), c.key())
	}
	return sign(t, authority(), c.key(), key(1))
}

func (c Certificate) key() ed25519.PrivateKey { return key(2 + byte(c)) }

func (c Certificate) config() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{{
		Certificate: [][]byte{c.X509().Raw}, PrivateKey: c.key(),
	}}}
}

func template(serial int64, name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
}

// sign cannot fail: its templates are those above. Were it to, the empty
// certificate makes every handshake fail.
func sign(t, parent *x509.Certificate, own, signer ed25519.PrivateKey) *x509.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, t, parent, own.Public(), signer)
	if err != nil {
		return &x509.Certificate{}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return &x509.Certificate{}
	}
	return cert
}
