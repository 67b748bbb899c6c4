package vm

import (
	"context"
	"slices"
	"time"

	"paquebot.app/localstore"
)

// trafficDays is how many days the byte meter sums up.
const trafficDays = 30

// Load reads the store.
func (p *Pack) Load() {
	turn := p.asked.Add(1)
	input := p.input
	p.jobs.do(false, func(ctx context.Context) func() {
		if turn != p.asked.Load() {
			return nil // another one waits
		}
		s := packState{ready: true}
		err := p.env.Store.Read(ctx, func(v *localstore.View) error {
			s = packState{ready: true}
			return s.read(v, input, p.env.Clock.Now())
		})
		if err != nil {
			p.env.Failed("pack", err)
			return nil
		}
		return func() {
			p.state = s
			p.Changed()
		}
	})
}

func (s *packState) read(v *localstore.View, input PackInput, now time.Time) (err error) {
	all, err := v.Accounts()
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Mode == localstore.Local {
			continue
		}
		s.accounts = append(s.accounts, a)
		pack, ok, err := v.PackOf(a.ID)
		if err != nil {
			return err
		}
		if ok {
			s.packs = append(s.packs, pack)
		}
		if input.Account != 0 && input.Account != a.ID {
			continue
		}
		folders, err := v.Folders(a.ID)
		if err != nil {
			return err
		}
		for _, f := range folders {
			if packed(f) && f.Total > 0 {
				s.folders = append(s.folders, f)
			}
		}
	}
	if err := s.readReceipt(v); err != nil {
		return err
	}
	running := slices.ContainsFunc(s.packs, localstore.Pack.UnderWay)
	if !running { // the page has no room for an estimate then, and is read often
		if err := s.readPlan(v, input); err != nil {
			return err
		}
	}
	if s.textOnly, err = v.TextOnly(); err != nil {
		return err
	}
	return s.readTraffic(v, now)
}

// readPlan estimates what a choice would do.
func (s *packState) readPlan(v *localstore.View, input PackInput) error {
	accounts, choices, err := input.chosen(v)
	if err != nil {
		return err
	}
	for i, a := range accounts {
		plan, err := v.PlanPack(a.ID, choices[i])
		if err != nil {
			return err
		}
		s.plan.Messages += plan.Messages
		s.plan.Readable += plan.Readable
		s.plan.Bytes += plan.Bytes
	}
	return nil
}

// packTogether is how far apart packs may have begun that are shown as one.
const packTogether = time.Second

// readReceipt sums up the packs that were begun last.
func (s *packState) readReceipt(v *localstore.View) error {
	var last time.Time
	for _, p := range s.packs {
		if p.Begun.After(last) {
			last = p.Begun
		}
	}
	together := s.packs[:0:0]
	for _, p := range s.packs {
		if last.Sub(p.Begun) > packTogether && !p.UnderWay() {
			continue
		}
		together = append(together, p)
		var r localstore.PackReceipt
		var err error
		if p.UnderWay() {
			r.Messages, r.Readable, err = v.PackReadable(p.Account)
		} else {
			r, err = v.PackReceipt(p)
		}
		if err != nil {
			return err
		}
		s.receipt.Messages += r.Messages
		s.receipt.Readable += r.Readable
		s.receipt.Attachments += r.Attachments
		s.receipt.AttachmentsSkipped += r.AttachmentsSkipped
		s.receipt.Bytes += r.Bytes
		s.receipt.Missing = append(s.receipt.Missing, r.Missing...)
	}
	s.packs = together
	return nil
}

func (s *packState) readTraffic(v *localstore.View, now time.Time) error {
	rows, err := v.TrafficSince(now.AddDate(0, 0, 1-trafficDays))
	if err != nil {
		return err
	}
	today := now.Format(time.DateOnly)
	for _, a := range s.accounts {
		var up, down, upToday, downToday int64
		for _, t := range rows {
			if t.Account != a.ID {
				continue
			}
			up, down = up+t.Up, down+t.Down
			if t.Day == today {
				upToday, downToday = upToday+t.Up, downToday+t.Down
			}
		}
		s.traffic = append(s.traffic, PackTraffic{a.Name, meter(downToday, upToday), meter(down, up)})
	}
	return nil
}

// meter is "12 MB in, 340 KB out".
func meter(down, up int64) string {
	if down+up == 0 {
		return "nothing"
	}
	return size(down) + " in · " + size(up) + " out"
}
