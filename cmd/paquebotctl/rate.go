package main

import "time"

const (
	rateOver = 5 * time.Second        // what the rate is measured over
	rateStep = 200 * time.Millisecond // between two samples at least
)

// rate is how quickly bytes have come over the last seconds. The zero value has
// seen none.
type rate struct {
	samples []sample // the first is the last one that is older than rateOver
}

type sample struct {
	at    time.Time
	bytes int64
}

// add takes how many bytes there are in all and returns how many came in a
// second lately; 0 while that cannot be told.
func (r *rate) add(now time.Time, bytes int64) int64 {
	last := len(r.samples) - 1
	if last >= 0 && (bytes < r.samples[last].bytes || now.Before(r.samples[last].at)) {
		r.samples, last = r.samples[:0], -1 // another count, or a clock that was set
	}
	if last < 0 || now.Sub(r.samples[last].at) >= rateStep {
		r.samples = append(r.samples, sample{now, bytes})
	}
	for len(r.samples) > 1 && now.Sub(r.samples[1].at) >= rateOver {
		r.samples = r.samples[1:]
	}
	first := r.samples[0]
	if elapsed := now.Sub(first.at); elapsed >= time.Second {
		return int64(float64(bytes-first.bytes) / elapsed.Seconds())
	}
	return 0
}
