package accounts

import (
	"fyne.io/fyne/v2"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// newKeep gives the choice of what an IMAP account keeps on this computer by
// itself.
func newKeep(a localstore.Account, chosen func(vm.Keep)) fyne.CanvasObject {
	all := vm.Keeps()
	var words []string
	for _, k := range all {
		words = append(words, k.Words)
	}
	s := kit.NewSelect(words, vm.KeepAt(all, a.Policy, a.PolicyDays), func(i int) { chosen(all[i]) })
	f := kit.NewField("Keep offline", s)
	f.SetHint("What you open is kept too. A folder can have a choice of its own, in its menu.")
	return f
}

// quotas are how much room bodies may take, in the order of the menu.
var quotas = []struct {
	bytes int64
	words string
}{
	{0, "as much as it takes"}, {500_000_000, "500 MB"}, {1_000_000_000, "1 GB"}, {2_000_000_000, "2 GB"},
	{5_000_000_000, "5 GB"}, {10_000_000_000, "10 GB"}, {25_000_000_000, "25 GB"},
}

// newQuota gives the choice of how much room the bodies of an account may take.
func newQuota(now int64, used string, chosen func(bytes int64)) fyne.CanvasObject {
	var words []string
	at := 0
	for i, q := range quotas {
		words = append(words, q.words)
		if now > 0 && at == 0 && (now <= q.bytes || i == len(quotas)-1) {
			at = i
		}
	}
	s := kit.NewSelect(words, at, func(i int) { chosen(quotas[i].bytes) })
	f := kit.NewField("Room on this computer", s)
	f.SetHint(used + " used. What was read longest ago leaves first; opening it brings it back.")
	return f
}
