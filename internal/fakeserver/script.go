package fakeserver

import (
	"fmt"
	"sort"
	"strings"
	"sync"
)

// Rule is a step of a scenario that replaces or surrounds one command.
type Rule struct {
	On   string // the command's verb; "" is the greeting
	Skip bool   // the command is not carried out
	Mute bool   // its answer is kept back
	Say  string // instead of the answer; "{tag}" stands for IMAP's tag
	Then Then
}

// Then is what follows a command.
type Then int

const (
	GoOn Then = iota
	Drop      // the connection is closed
	Hang      // silence
)

// Scenario is a named way to fail.
type Scenario struct {
	Does  string // one line: what the server does
	Rules []Rule // empty: the server's code asks Script.Fires
}

// once, as the end of a scenario's name, makes it happen a single time.
const once = "-once"

// Script holds the scenarios that a server plays. Its methods are safe for
// concurrent use.
type Script struct {
	known map[string]Scenario

	mu     sync.Mutex
	active map[string]int // how often it may still happen; below 0: always
}

// NewScript returns a Script in which no scenario is active.
func NewScript(known map[string]Scenario) *Script {
	return &Script{known: known, active: map[string]int{}}
}

// Play makes the scenarios of names active, and no other; without names the
// server is honest again. A name with "-once" at its end happens a single
// time. An unknown name is an error and changes nothing.
func (s *Script) Play(names ...string) error {
	active := map[string]int{}
	for _, name := range names {
		if _, ok := s.known[name]; ok {
			active[name] = -1
			continue
		}
		base := strings.TrimSuffix(name, once)
		if _, ok := s.known[base]; !ok || base == name {
			return fmt.Errorf("no scenario is named %q", name)
		}
		active[base] = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active = active
	return nil
}

// Active tells whether a scenario is to happen, without counting it.
func (s *Script) Active(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.active[name] != 0
}

// Fires tells whether a scenario happens now, and counts it.
func (s *Script) Fires(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := s.active[name]
	if left > 0 {
		s.active[name] = left - 1
	}
	return left != 0
}

// FiresOnce is Fires for what happens a single time whatever its name ends in.
func (s *Script) FiresOnce(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	fires := s.active[name] != 0
	delete(s.active, name)
	return fires
}

// Command carries out one command through run, as the active rules have it.
// It tells whether the session goes on; run tells that too.
func (s *Script) Command(c *Conn, verb, tag string, run func() bool) bool {
	rule, ok := s.rule(verb)
	if !ok {
		return run()
	}
	goOn := true
	c.hold()
	if !rule.Skip {
		goOn = run()
	}
	c.release(!rule.Mute && rule.Say == "" && !rule.Skip)
	if rule.Say != "" {
		c.Line("%s", strings.ReplaceAll(rule.Say, "{tag}", tag))
	}
	switch rule.Then {
	case Drop:
		c.Drop(FIN)
		return false
	case Hang:
		c.Hang()
		return false
	}
	return goOn
}

func (s *Script) rule(verb string) (Rule, bool) {
	s.mu.Lock()
	names := make([]string, 0, len(s.active))
	for name := range s.active {
		names = append(names, name)
	}
	s.mu.Unlock()
	sort.Strings(names)
	for _, name := range names {
		for _, r := range s.known[name].Rules {
			if r.On == verb && s.Fires(name) {
				return r, true
			}
		}
	}
	return Rule{}, false
}

// Names returns the scenarios' names in order, for a list of them.
func Names(known map[string]Scenario) []string {
	var names []string
	for name := range known {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
