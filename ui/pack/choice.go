package pack

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// option is a value with its words.
type option[T comparable] struct {
	value T
	words string
}

var (
	ages        = []option[int]{{7, "The last week"}, {30, "The last 30 days"}, {90, "The last 90 days"}, {365, "The last year"}, {0, "Of any age"}}
	attachments = []option[int64]{{0, "None"}, {100_000, "Up to 100 KB"}, {1_000_000, "Up to 1 MB"}, {5_000_000, "Up to 5 MB"}, {localstore.AllAttachments, "All"}}
	budgets     = []option[int64]{{2_000_000, "2 MB"}, {10_000_000, "10 MB"}, {50_000_000, "50 MB"}, {200_000_000, "200 MB"}, {0, "No limit"}}
)

// choice is what of the mail is fetched.
type choice struct {
	page    *Page
	object  fyne.CanvasObject
	folders map[localstore.FolderID]*kit.Chip
	flagged *kit.Chip
	threads *kit.Chip
}

func newChoice(p *Page) *choice {
	c := &choice{page: p, folders: map[localstore.FolderID]*kit.Chip{}}
	in := p.model.Input()
	all := kit.VStack(16)
	if accounts := p.model.Accounts(); len(accounts) > 1 {
		names, at := []string{"All accounts"}, 0
		for i, a := range accounts {
			names = append(names, a.Name)
			if a.ID == in.Account {
				at = i + 1
			}
		}
		all.Add(kit.NewField("Account", kit.NewSelect(names, at, func(i int) {
			c.set(func(in *vm.PackInput) {
				if in.Account = 0; i > 0 {
					in.Account = accounts[i-1].ID
				}
			})
		})))
	}
	scope := kit.NewSegments([]string{"Inbox", "All folders", "Some folders"}, int(in.Scope), func(i int) {
		c.set(func(in *vm.PackInput) { in.Scope = vm.PackScope(i) })
	})
	all.Add(kit.NewField("Folders", scope))
	if in.Scope == vm.PackSome {
		all.Add(kit.Inset(0, -6, 0, 0, c.chips()))
	}
	all.Add(row(kit.NewField("Mail", pick(c, ages, in.Days, func(in *vm.PackInput, days int) { in.Days = days })),
		kit.NewField("Attachments", pick(c, attachments, in.Attachments, func(in *vm.PackInput, most int64) { in.Attachments = most })),
		kit.NewField("Data to use at most", pick(c, budgets, in.Budget, func(in *vm.PackInput, most int64) { in.Budget = most }))))
	c.flagged = c.toggle("Flagged mail of any age", func(in *vm.PackInput) { in.Flagged = !in.Flagged })
	c.threads = c.toggle("Whole conversations", func(in *vm.PackInput) { in.Threads = !in.Threads })
	all.Add(kit.Flow(8, c.flagged, c.threads))
	c.object = all
	return c
}

// row sets fields side by side.
func row(fields ...fyne.CanvasObject) fyne.CanvasObject {
	const gap = 12
	all := container.NewGridWithColumns(len(fields))
	for i, f := range fields {
		n := float32(len(fields))
		all.Add(kit.Inset(gap*float32(i)/n, 0, gap*(n-1-float32(i))/n, 0, f))
	}
	return all
}

func (c *choice) set(change func(*vm.PackInput)) {
	c.page.host.Guard("pack choice", func() { c.page.model.Set(change) })
}

func (c *choice) toggle(text string, change func(*vm.PackInput)) *kit.Chip {
	return kit.NewChip(text, func() { c.set(change) })
}

// pick is a field of options.
func pick[T comparable](c *choice, options []option[T], now T, set func(*vm.PackInput, T)) *kit.Select {
	var words []string
	at := 0
	for i, o := range options {
		words = append(words, o.words)
		if o.value == now {
			at = i
		}
	}
	return kit.NewSelect(words, at, func(i int) {
		c.set(func(in *vm.PackInput) { set(in, options[i].value) })
	})
}

// chips are the folders to choose from.
func (c *choice) chips() fyne.CanvasObject {
	var all []fyne.CanvasObject
	names := map[localstore.AccountID]string{}
	for _, a := range c.page.model.Accounts() {
		names[a.ID] = a.Name
	}
	for _, f := range c.page.model.Folders() {
		title := vm.FolderTitle(f)
		if len(names) > 1 && c.page.model.Input().Account == 0 {
			title += " · " + names[f.Account]
		}
		chip := kit.NewChip(title, func() {
			c.set(func(in *vm.PackInput) { in.Folders[f.ID] = !in.Folders[f.ID] })
		})
		c.folders[f.ID] = chip
		all = append(all, chip)
	}
	return kit.Flow(8, all...)
}

// update shows what is on.
func (c *choice) update() {
	in := c.page.model.Input()
	for id, chip := range c.folders {
		chip.SetOn(in.Folders[id])
	}
	c.flagged.SetOn(in.Flagged)
	c.threads.SetOn(in.Threads)
}
