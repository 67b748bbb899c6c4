package testmail

import "time"

// Mail is one mail in a folder of a server.
type Mail struct {
	Folder  string    // "INBOX", "Projects/Lisbon trip"
	Flags   []string  // as IMAP writes them: `\Seen`
	Arrived time.Time // INTERNALDATE
	Raw     []byte    // CRLF line ends
}

// source is a stream of numbers that is the same everywhere (SplitMix64). The
// generators of the standard library promise that for no later version.
type source uint64

func newSource(seed, i uint64) *source {
	s := source(seed*0x9e3779b97f4a7c15 + i*0xbf58476d1ce4e5b9 + 1)
	s.next()
	return &s
}

func (s *source) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n-1.
func (s *source) below(n int) int { return int(s.next() % uint64(n)) }

// chance is true in a share p of all cases.
func (s *source) chance(p float64) bool { return float64(s.next()>>11)/(1<<53) < p }

func (s *source) bytes(n int) []byte {
	b := make([]byte, n)
	for i := 0; i < n; i += 8 {
		v := s.next()
		for j := i; j < min(i+8, n); j++ {
			b[j] = byte(v)
			v >>= 8
		}
	}
	return b
}

func pick[T any](s *source, from []T) T { return from[s.below(len(from))] }
