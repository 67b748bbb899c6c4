package accounts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// server is the fields of one server.
type server struct {
	object           fyne.CanvasObject
	host, port, user *kit.Entry
	security         *kit.Segments
}

// protections in the order of the choice.
var protections = []struct {
	security localstore.Security
	words    string
}{{localstore.TLS, "TLS"}, {localstore.STARTTLS, "STARTTLS"}, {localstore.Plain, "None"}}

// server makes the fields of one server; which finds it in the input.
func (f *form) server(title string, field vm.AccountField, which func(*vm.AccountInput) *vm.ServerInput) *server {
	s := &server{}
	s.host = f.entry(kit.NewEntry("mail.example.org"), func(in *vm.AccountInput, v string) { which(in).Host = v })
	s.port = f.entry(kit.NewEntry(""), func(in *vm.AccountInput, v string) { which(in).Port = v })
	s.user = f.entry(kit.NewEntry("The address"), func(in *vm.AccountInput, v string) { which(in).User = v })
	var words []string
	for _, p := range protections {
		words = append(words, p.words)
	}
	s.security = kit.NewSegments(words, 0, func(i int) {
		f.host.Guard("protection", func() {
			f.model.Set(func(in *vm.AccountInput) { which(in).Security = protections[i].security })
		})
	})
	host := f.label(field, "Server", s.host)
	s.object = kit.VStack(10, kit.NewText(title, kit.BodyStrong),
		container.NewBorder(nil, nil, nil, kit.Inset(10, 0, 0, 0, kit.Sized(90, 0, kit.VStack(0, kit.NewField("Port", s.port), kit.Spring()))), host),
		container.NewBorder(nil, nil, nil, kit.Inset(10, 0, 0, 0, kit.NewField("Encryption", s.security)), kit.NewField("User name", s.user)))
	return s
}

func (s *server) show(in vm.ServerInput) {
	setText(s.host, in.Host)
	setText(s.port, in.Port)
	setText(s.user, in.User)
	for i, p := range protections {
		if p.security == in.Security {
			s.security.SetSelected(i)
		}
	}
}
