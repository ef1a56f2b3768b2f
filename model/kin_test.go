package model

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

// play is a publisher with branches, and who is on which.
type play struct {
	r *rand.Rand
	// on is the branch of each receiver, by its index.
	on []int
	// numbered gives the publishes sequence numbers; a common publish goes to all
	// branches, with a chance of common in a hundred; alike takes payloads from so
	// many that they repeat by chance, 0 makes each its own.
	numbered bool
	common   int
	alike    int
	// jitter is how far apart the arrivals of one publish are at most.
	jitter time.Duration
	// lost is the chance, in ten thousand, that an arrival is dropped without a word.
	lost int
}

// arrival is an event on its way to one receiver.
type arrival struct {
	to   int
	at   time.Time
	seq  json.Number
	data string
}

// perform lets the receivers hear n publishes, distance apart, and returns what is
// inferred.
func (p *play) perform(n int, distance time.Duration) *kin {
	k := newKin()
	for range p.on {
		k.join("peer", noon.Add(-time.Minute))
	}
	branches := 0
	for _, b := range p.on {
		branches = max(branches, b+1)
	}
	var all []arrival
	seqs := make([]int, branches)
	for i := range n {
		at := noon.Add(time.Duration(i)*distance + time.Duration(p.r.Int64N(int64(distance))))
		branch := p.r.IntN(branches)
		everybody := p.r.IntN(100) < p.common
		data := fmt.Sprintf(`{"branch":%d,"n":%d}`, branch, i)
		if p.alike > 0 {
			data = fmt.Sprintf(`{"v":%d}`, p.r.IntN(p.alike))
		}
		for b := range branches {
			if b != branch && !everybody {
				continue
			}
			seqs[b]++
			seq := json.Number("")
			if p.numbered {
				seq = json.Number(strconv.Itoa(seqs[b]))
			}
			for to, on := range p.on {
				if on == b && p.r.IntN(10_000) >= p.lost {
					late := time.Duration(0)
					if p.jitter > 0 {
						late = time.Duration(p.r.Int64N(int64(p.jitter)))
					}
					all = append(all, arrival{to, at.Add(late), seq, data})
				}
			}
		}
	}
	// Each receiver hears in its own order of arrival.
	for i := 1; i < len(all); i++ {
		for j := i; j > 0 && all[j].at.Before(all[j-1].at); j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	for _, a := range all {
		k.hear(a.to, a.at, a.seq, []byte(a.data))
	}
	k.expire(noon.Add(time.Hour))
	return k
}

// rights counts the pairs that are judged, and those judged as they are.
func (p *play) rights(k *kin) (judged, right, wronglyOne, wronglyApart int) {
	for i := range p.on {
		for j := i + 1; j < len(p.on); j++ {
			v := k.pair(i, j).verdict()
			if v == TooEarly {
				continue
			}
			judged++
			switch same := p.on[i] == p.on[j]; {
			case same == (v >= Likely):
				right++
			case same:
				wronglyApart++
			default:
				wronglyOne++
			}
		}
	}
	return judged, right, wronglyOne, wronglyApart
}

// TestKinAgainstTruth lets publishers with random branches push, and compares
// what is inferred with what is true. Every share of errors is named: where the
// events hold the answer there may be none.
func TestKinAgainstTruth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		p    play
		n    int
		gap  time.Duration
		// most is the largest share of wrong verdicts, in a thousand.
		most int
	}{
		{"numbered", play{numbered: true, jitter: 2 * time.Millisecond}, 600, 10 * time.Millisecond, 0},
		{"without numbers", play{jitter: 2 * time.Millisecond}, 600, 10 * time.Millisecond, 0},
		{"out of order", play{numbered: true, jitter: 400 * time.Millisecond}, 600, 10 * time.Millisecond, 0},
		{"out of order, without numbers", play{jitter: 200 * time.Millisecond}, 600, 10 * time.Millisecond, 0},
		{"half to all", play{common: 50, jitter: 2 * time.Millisecond}, 600, 10 * time.Millisecond, 0},
		{"equal payloads by chance", play{alike: 50, jitter: 2 * time.Millisecond}, 600, 100 * time.Millisecond, 0},
		{"equal payloads often", play{alike: 5, jitter: 2 * time.Millisecond}, 600, 100 * time.Millisecond, 0},
		{"one in a thousand lost unsaid", play{lost: 10, jitter: 2 * time.Millisecond}, 600, 10 * time.Millisecond, 0},
		{"nearly all to all", play{common: 90, jitter: 2 * time.Millisecond}, 600, 10 * time.Millisecond, 100},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			judged, wrong, one, apart := 0, 0, 0, 0
			for seed := range uint64(60) {
				p := c.p
				p.r = rand.New(rand.NewPCG(seed, 7))
				branches := 1 + p.r.IntN(4)
				for range 2 + p.r.IntN(5) {
					p.on = append(p.on, p.r.IntN(branches))
				}
				j, r, o, a := p.rights(p.perform(c.n, c.gap))
				judged, wrong, one, apart = judged+j, wrong+j-r, one+o, apart+a
			}
			t.Logf("%d pairs judged, %d wrongly one branch, %d wrongly apart", judged, one, apart)
			if judged < 100 {
				t.Errorf("only %d pairs were judged", judged)
			}
			if wrong*1000 > c.most*judged {
				t.Errorf("%d of %d wrong, want at most %d in a thousand", wrong, judged, c.most)
			}
		})
	}
}
