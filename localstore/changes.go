package localstore

// Topic is what a change is about.
type Topic int

const (
	TopicAccounts Topic = iota
	TopicFolders        // a folder, its counts, its pause
	TopicMessages       // a message in a list: new, gone, moved, flags, preview
	TopicBodies         // a body or part arrived, or is wanted
	TopicPending
	TopicOutbox
	TopicDrafts
	TopicWakes // a pass was asked for, or its report is there
	TopicSettings
	TopicSearch // the index knows more
)

// Kind is what happened to what a change names.
type Kind int

const (
	Added Kind = iota
	Changed
	Removed
)

// Change is one thing that a committed Write changed.
type Change struct {
	Topic   Topic
	Kind    Kind
	Account AccountID
	Folder  FolderID  // where it has one
	Message MessageID // where it has one
	Content ContentID // where it has one
}

// Watcher collects changes for one reader. The list is capped: when the reader
// is too slow, or another process wrote, it is thrown away and Take says
// overflow, which means: ask the store again.
type Watcher struct{}

// Watch returns a watcher of the given topics; none means all. Close it.
func (s *Store) Watch(of ...Topic) *Watcher { panic("not built") }

// Ready receives when Take has something (capacity 1).
func (w *Watcher) Ready() <-chan struct{} { panic("not built") }

// Take returns and forgets what has changed since the last Take.
func (w *Watcher) Take() (changes []Change, overflow bool) { panic("not built") }

// Close ends the watch.
func (w *Watcher) Close() { panic("not built") }
