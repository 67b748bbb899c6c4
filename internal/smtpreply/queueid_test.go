package smtpreply

import "testing"

func TestQueueIDs(t *testing.T) {
	for answer, want := range map[string]string{
		"2.0.0 Ok: queued as 4F1c2d3K9z":                 "4F1c2d3K9z",
		"250 2.0.0 Ok: queued as 12345ABC":               "12345ABC",
		"2.0.0 accepted as 7":                            "7",
		"OK id=1rABcd-0001Xy-2Z":                         "1rABcd-0001Xy-2Z",
		"2.0.0 OK  1700000000 ab12-20020a17.123 - gsmtp": "ab12-20020a17.123",
		"2.6.0 <x@y.example> [InternalId=1234567890, Hostname=A.example] 1 bytes Queued mail for delivery": "1234567890",
		"ok 1700000000 qp 54321":                         "54321",
		"2.0.0 3AB4cd56ef Message accepted for delivery": "3AB4cd56ef",
		"Ok 0102018abcdef-1234-000000":                   "0102018abcdef-1234-000000",
		"2.0.0 Ok":                                       "",
		"":                                               "",
		"thank you":                                      "",
		"as the sender says":                             "",
		"seen in the mail":                               "",
	} {
		if got := QueueID(answer); got != want {
			t.Errorf("%q: %q, want %q", answer, got, want)
		}
	}
}

func FuzzQueueID(f *testing.F) {
	for _, s := range []string{"2.0.0 Ok: queued as 4F1", "OK id=", "queued as \x00", "ok 1 qp"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		for _, c := range QueueID(answer) {
			if c <= ' ' || c == 0x7f {
				t.Errorf("%q has a control character", QueueID(answer))
			}
		}
	})
}
