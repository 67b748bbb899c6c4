// Package submit sends the letters of the outbox by SMTP submission (RFC 6409,
// RFC 5321).
//
// It guarantees:
//
//   - How far a letter is stands on the disk before the next step is taken:
//     sending │ MAIL RCPT DATA and the letter │ dot_at │ final dot, 250 → sent │
//     → filed. So no crash and no cut makes a letter go out twice by itself,
//     and none is forgotten.
//   - Once the final dot may have reached the server and no answer came, the
//     letter is unsure and is never sent again in silence. Whatever breaks
//     before that returns it to the queue, without a limit of tries.
//   - Every recipient gets a letter at most once over all attempts; those whom
//     the server refuses are named with its words.
//   - The bytes of a letter, its Date among them, are frozen in the commit that
//     begins its first attempt. Bcc stays here.
//   - A bad letter blocks no other; letters leave in the order they were queued.
package submit
