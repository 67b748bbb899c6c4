package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"paquebot.app/localstore"
)

// switched is a setting of the profile that is on or off.
type switched struct {
	name, short string
	on, off     string // what it says of either state
	key         string // in JSON
	get         func(*localstore.View) (bool, error)
	set         func(*localstore.Tx, bool) error
}

// switches are thin lines and the brake on replies to conversations that went on.
var switches = []switched{
	{"text-only", "Fetch only texts unasked, for thin lines; an attachment comes when you ask for it",
		"on: only texts are fetched unasked", "off", "text_only", (*localstore.View).TextOnly, (*localstore.Tx).SetTextOnly},
	{"brake", "Keep a reply back when somebody has written in its conversation meanwhile",
		"on: such a reply waits for your word: outbox retry N sends it", "off: replies leave without a look at what came", "brake",
		(*localstore.View).Brakes, (*localstore.Tx).SetBrakes},
}

func (a *app) switchCmd(s switched) *cobra.Command {
	return &cobra.Command{
		Use:   s.name + " [on|off]",
		Short: s.short,
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) == 1 && (args[0] == "on" || args[0] == "off"):
				if err := a.write(c.Context(), s.name, func(tx *localstore.Tx) error { return s.set(tx, args[0] == "on") }); err != nil {
					return err
				}
			case len(args) > 0:
				return usage("%s is on or off", s.name)
			}
			var on bool
			err := a.read(c.Context(), func(v *localstore.View) (err error) {
				on, err = s.get(v)
				return err
			})
			if err != nil {
				return err
			}
			return a.print(map[string]bool{s.key: on}, func(w io.Writer) { fmt.Fprintln(w, map[bool]string{true: s.on, false: s.off}[on]) })
		},
	}
}
