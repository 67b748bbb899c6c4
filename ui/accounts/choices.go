package accounts

import (
	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
)

// limits are how large mail may be that comes by itself, in the order of the
// menu.
var limits = []struct {
	bytes int64
	words string
}{
	{0, "mail of any size"}, {500_000, "mail up to 500 KB"}, {1_000_000, "mail up to 1 MB"}, {5_000_000, "mail up to 5 MB"},
	{10_000_000, "mail up to 10 MB"}, {25_000_000, "mail up to 25 MB"}, {50_000_000, "mail up to 50 MB"},
}

// newLimit gives the choice of how large mail may be that comes by itself.
func newLimit(now int64, chosen func(bytes int64)) (*kit.Field, *kit.Select) {
	var words []string
	for _, l := range limits {
		words = append(words, l.words)
	}
	s := kit.NewSelect(words, limitAt(now), func(i int) { chosen(limits[i].bytes) })
	f := kit.NewField("What is fetched by itself", s)
	f.SetHint("Of larger mail only the header comes; the rest when you ask for it.")
	return f, s
}

// limitAt is the place of a limit in the menu: of one that was set elsewhere,
// the next larger one.
func limitAt(bytes int64) int {
	for i, l := range limits {
		if bytes <= l.bytes {
			return i
		}
	}
	return 0
}

// auths are the ways of signing in, in the order of the menu.
var auths = []struct {
	auth   localstore.Auth
	words  string
	secret string
}{
	{localstore.AuthPassword, "with a password", "Password"},
	{localstore.AuthOAuthBearer, "with an access token (OAUTHBEARER)", "Access token"},
	{localstore.AuthXOAUTH2, "with an access token (XOAUTH2)", "Access token"},
}

// newAuth gives the choice of how to sign in.
func newAuth(now localstore.Auth, chosen func(localstore.Auth)) (*kit.Field, *kit.Select) {
	var words []string
	for _, a := range auths {
		words = append(words, a.words)
	}
	s := kit.NewSelect(words, authAt(now), func(i int) { chosen(auths[i].auth) })
	return kit.NewField("Sign in", s), s
}

func authAt(auth localstore.Auth) int {
	for i, a := range auths {
		if a.auth == auth {
			return i
		}
	}
	return 0
}
