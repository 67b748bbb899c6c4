package wire

import (
	"bufio"
	"compress/flate"
	"context"
	"errors"
)

// errInFlight says that COMPRESS must go alone.
var errInFlight = errors.New("other commands are under way")

// Compress asks the server to compress what goes both ways from then on (RFC
// 4978). Until the server has answered nothing else is sent, and no other
// command may be under way; the first byte behind the answer is compressed.
// What comes is held to the same limits as without: a bomb ends the connection
// as soon as it has unfolded to more than anybody asked for. A refusal is an
// *imap.Error and harmless; when ctx ends first, the connection does.
func (c *Conn) Compress(ctx context.Context) error {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	c.mu.Lock()
	busy := len(c.og.pending) > 0 || c.corked || c.zip != nil
	c.mu.Unlock()
	if busy {
		return errInFlight
	}
	p, err := c.sendLocked("COMPRESS DEFLATE")
	if err != nil {
		return err
	}
	if _, err := p.Wait(ctx); err != nil {
		if ctx.Err() != nil { // nobody knows whether the next byte is to be compressed
			return c.fail(context.Cause(ctx))
		}
		return err
	}
	c.zip, err = flate.NewWriter((*sink)(c), flate.DefaultCompression)
	if err != nil {
		return c.fail(err)
	}
	return nil
}

// inflate reads on behind the answer to COMPRESS. It belongs to the reader. The
// inflater takes single bytes from what is buffered, and so none too many.
func (c *Conn) inflate() {
	c.frames.br = bufio.NewReaderSize(flate.NewReader(c.frames.br), 32<<10)
}
