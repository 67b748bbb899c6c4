package vm

import (
	"context"
	"strconv"
	"strings"
	"time"

	"paquebot.app/localstore"
)

// PolicyChange is another policy of deletion for a POP account, told in words
// before anything changes.
type PolicyChange struct {
	// Changed is called when Words or Problem changed.
	Changed func()
	// Applied is called when the policy holds, Refused where it could not be.
	Applied func()
	Refused func(err error)

	env     *Env
	account localstore.Account
	policy  localstore.DeletePolicy
	days    string
	words   string
	turn    int
}

// NewPolicyChange begins with the policy that the account has.
func NewPolicyChange(env *Env, a localstore.Account) *PolicyChange {
	c := &PolicyChange{env: env, account: a, Changed: func() {}, Applied: func() {}, Refused: func(error) {}}
	c.reset()
	return c
}

func (c *PolicyChange) reset() {
	c.policy, c.days, c.words = c.account.PopDelete, strconv.Itoa(c.account.PopDays), ""
	if c.account.PopDays == 0 {
		c.days = "14"
	}
	c.turn++
}

// Policy returns the policy that is chosen.
func (c *PolicyChange) Policy() localstore.DeletePolicy { return c.policy }

// Days returns the days as they are typed.
func (c *PolicyChange) Days() string { return c.days }

// Words says what applying the choice would do; "" while it is not known, or
// would change nothing.
func (c *PolicyChange) Words() string { return c.words }

// Problem says what is wrong with the days.
func (c *PolicyChange) Problem() string {
	if _, ok := daysTyped(c.days); !ok && c.policy == localstore.DeleteDays {
		return "Please type a number of days."
	}
	return ""
}

func daysTyped(s string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	return n, err == nil && n >= 1 && n <= 10_000
}

// Choose takes another policy.
func (c *PolicyChange) Choose(policy localstore.DeletePolicy) {
	c.policy = policy
	c.plan()
}

// SetDays takes other days.
func (c *PolicyChange) SetDays(days string) {
	if c.days != days {
		c.days = days
		c.plan()
	}
}

// Cancel goes back to what the account has.
func (c *PolicyChange) Cancel() {
	c.reset()
	c.Changed()
}

// chosen returns the choice, and whether it is another than what holds.
func (c *PolicyChange) chosen() (days int, other bool) {
	if c.policy != localstore.DeleteDays {
		return c.account.PopDays, c.policy != c.account.PopDelete
	}
	days, ok := daysTyped(c.days)
	return days, ok && (c.policy != c.account.PopDelete || days != c.account.PopDays)
}

// plan asks the store what the choice would do.
func (c *PolicyChange) plan() {
	c.turn++
	turn, policy := c.turn, c.policy
	c.words = ""
	days, other := c.chosen()
	c.Changed()
	if !other {
		return
	}
	c.env.Go("plan policy", func(ctx context.Context) func() {
		var plan localstore.PolicyPlan
		err := c.env.Store.Read(ctx, func(v *localstore.View) (err error) {
			a, err := v.Account(c.account.ID)
			if err != nil {
				return err
			}
			a.PopDelete, a.PopDays = policy, days
			plan, err = v.PlanPolicy(a)
			return err
		})
		return func() {
			switch {
			case turn != c.turn: // another was chosen meanwhile
			case err != nil:
				c.Refused(err)
			default:
				c.words = planWords(plan, policy, days, c.env.Clock.Now().In(c.env.Zone))
				c.Changed()
			}
		}
	})
}

// Apply makes the choice hold.
func (c *PolicyChange) Apply() {
	days, other := c.chosen()
	if !other || c.words == "" {
		return
	}
	policy := c.policy
	c.env.Go("delete policy", func(ctx context.Context) func() {
		err := c.env.Store.Write(ctx, "delete policy", func(tx *localstore.Tx) error {
			a, err := tx.Account(c.account.ID)
			if err != nil {
				return err
			}
			a.PopDelete, a.PopDays = policy, days
			return tx.SetAccount(a)
		})
		return func() {
			if err != nil {
				c.Refused(err)
				return
			}
			c.account.PopDelete, c.account.PopDays = policy, days
			c.reset()
			c.Applied()
		}
	})
}

// planWords says calmly what a policy does to the mail on the server.
func planWords(p localstore.PolicyPlan, policy localstore.DeletePolicy, days int, now time.Time) string {
	var s []string
	add := func(text string) { s = append(s, text) }
	if p.Unseen && policy != localstore.DeleteNever {
		add("What lies on this server is not known yet.")
	}
	if p.Remove > 0 {
		when := " the server at the next connection ("
		if p.Waits {
			when = " the server once you say yes ("
		}
		add(count(p.Remove, "message") + verb(p.Remove, " leaves", " leave") + when + size(p.RemoveBytes) + ").")
	}
	first, last := p.First.In(now.Location()), p.Last.In(now.Location())
	switch {
	case p.Later == 0:
	case sameDay(first, last):
		add(count(p.Later, "message") + verb(p.Later, " leaves", " leave") + " it " + dayAhead(first, now) + ".")
	default:
		add(count(p.Later, "message") + " leave it one by one: the first " + dayAhead(first, now) + ", the last " + dayAhead(last, now) + ".")
	}
	if p.Remove+p.Later == 0 && (!p.Unseen || policy == localstore.DeleteNever) {
		add("Nothing leaves the server now.")
		if policy == localstore.DeleteNever {
			s = []string{"Nothing leaves the server."}
		}
	}
	if rest := p.Keep - p.Pinned; rest > 0 {
		switch policy {
		case localstore.DeleteWhen:
			add(count(rest, "message") + verb(rest, " stays until you delete it here.", " stay until you delete them here."))
		case localstore.DeleteNow, localstore.DeleteDays:
			add(count(rest, "message") + verb(rest, " stays until all of it is here.", " stay until they are all here."))
		}
	}
	if p.Pinned > 0 && policy != localstore.DeleteNever {
		add(thousands(p.Pinned) + verb(p.Pinned, " stays because you keep it.", " stay because you keep them."))
	}
	switch policy {
	case localstore.DeleteNow:
		add("New mail leaves it once it is safe here.")
	case localstore.DeleteDays:
		add("New mail leaves it " + count(days, "day") + " after it came here.")
	}
	switch {
	case p.Waits && p.Unseen:
		add("If it is much, you are asked before the first of it leaves.")
	case p.Waits && p.Later > 0:
		add("Before the first time you are asked once more.")
	}
	return strings.Join(s, " ")
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
