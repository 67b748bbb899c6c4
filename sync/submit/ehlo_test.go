package submit

import "testing"

func TestOnlyKeywordsAreRaised(t *testing.T) {
	const said = "220 mail.example says hello\r\n250-mail.example says hello\r\n250-size 1000\r\n250-auth plain login\r\n250-auth=login\r\n250 smtputf8\r\n554 no\r\n25 not\r\n2500 x\r\n"
	const want = "220 mail.example says hello\r\n250-MAIL.EXAMPLE says hello\r\n250-SIZE 1000\r\n250-AUTH plain login\r\n250-AUTH=login\r\n250 SMTPUTF8\r\n554 no\r\n25 not\r\n2500 x\r\n"
	for step := 1; step < len(said); step++ { // as it may arrive
		var k keywords
		b := []byte(said)
		for i := 0; i < len(b); i += step {
			k.raise(b[i:min(i+step, len(b))])
		}
		if string(b) != want {
			t.Fatalf("in pieces of %d: %q", step, b)
		}
	}
}
