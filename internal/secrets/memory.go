package secrets

import (
	"context"
	"sync"
)

// Memory keeps secrets until the program ends.
type Memory struct {
	mu   sync.Mutex
	kept map[string]string
}

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{kept: map[string]string{}} }

// Get implements Store.
func (m *Memory) Get(_ context.Context, ref string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	secret, ok := m.kept[ref]
	if !ok {
		return "", none("look up the password")
	}
	return secret, nil
}

// Set implements Store.
func (m *Memory) Set(_ context.Context, ref, secret string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[ref] = secret
	return nil
}

// Delete implements Store.
func (m *Memory) Delete(_ context.Context, ref string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, ref)
	return nil
}
