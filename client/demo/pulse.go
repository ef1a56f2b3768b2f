package demo

import (
	"math/rand/v2"
	"time"
)

// lateMost is how far a pulse may fall behind before it gives up what it missed,
// for example while the machine slept.
const lateMost = time.Second

// pulse says when the next event of something is due: at a steady rate in the
// mean, with irregular distances as in life.
type pulse struct {
	rng   *rand.Rand
	every time.Duration
	due   time.Time
}

// newPulse beats perSecond times a second.
func newPulse(rng *rand.Rand, perSecond int) *pulse {
	return &pulse{rng: rng, every: time.Second / time.Duration(perSecond)}
}

// start lets the next beat follow now.
func (p *pulse) start(now time.Time) { p.due = now.Add(p.gap()) }

// beat takes the beat that is due, and sets the next one.
func (p *pulse) beat(now time.Time) {
	p.due = p.due.Add(p.gap())
	if now.Sub(p.due) > lateMost {
		p.due = now
	}
}

// gap lies between half of the mean distance and one and a half of it.
func (p *pulse) gap() time.Duration {
	return p.every/2 + within(p.rng, p.every+1)
}
