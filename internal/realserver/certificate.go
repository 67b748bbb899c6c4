package realserver

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"paquebot.app/internal/clock"
)

// makeCertificates writes ca.pem, cert.pem and key.pem below dir/tls: an
// authority made for this one server, and the server's certificate for
// localhost, mail.harbour.test and the loopback addresses.
func makeCertificates(t testing.TB, dir string) *x509.CertPool {
	t.Helper()
	now := clock.System.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Harbour test authority"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost", "mail." + Domain},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(127, 0, 0, 2)},
	}
	caKey, leafKey := newKey(t), newKey(t)
	sign := func(cert *x509.Certificate, pub crypto.PublicKey, file string) {
		der, err := x509.CreateCertificate(rand.Reader, cert, ca, pub, caKey)
		if err != nil {
			t.Fatal(err)
		}
		writePEM(t, filepath.Join(dir, "tls", file), "CERTIFICATE", der)
	}
	makeDirs(t, dir, "tls")
	sign(ca, caKey.Public(), "ca.pem")
	sign(leaf, leafKey.Public(), "cert.pem")
	der, err := x509.MarshalPKCS8PrivateKey(leafKey)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, filepath.Join(dir, "tls", "key.pem"), "PRIVATE KEY", der)

	pool := x509.NewCertPool()
	pemCA, err := os.ReadFile(filepath.Join(dir, "tls", "ca.pem"))
	if err != nil || !pool.AppendCertsFromPEM(pemCA) {
		t.Fatalf("the authority's certificate cannot be read back: %v", err)
	}
	return pool
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func writePEM(t testing.TB, name, kind string, der []byte) {
	t.Helper()
	block := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	if err := os.WriteFile(name, block, 0o600); err != nil {
		t.Fatal(err)
	}
}
