package gateway

import (
	"fmt"
	"testing"

	"ioscope/client/internal/wire"
)

// stage is a bus with a peer that starts others, one that asks for an activity,
// and the tokens of those who are to be started for it: the owner and a helper.
type stage struct {
	*testing.T
	g              *Gateway
	factory, asker *client
	tokens         []string
	activity       string
}

func (s *stage) enter(name, authentication string) *client {
	s.Helper()
	c := &client{TB: s.T, conn: s.g.Connect(false)}
	c.send(`{"type":"hello","request_id":"h","identity":{"application":%q},"authentication":%s}`, name, authentication)
	c.id = c.answer("h")["peer_id"].(string)
	c.send(`{"type":"join","request_id":"j","peer_id":%q,"destination":"activity"}`, c.id)
	c.answer("j")
	return c
}

// act sends a request of the domain. extra are further members, with a comma before each.
func (c *client) act(kind, extra string, args ...any) {
	c.Helper()
	c.send(`{"domain":"activity","type":%q,"request_id":%q,"peer_id":%q%s}`, kind, kind, c.id, fmt.Sprintf(extra, args...))
}

const ada = `{"method":"secret","login":"ada","secret":""}`

func newStage(t *testing.T, o *Options) *stage {
	t.Helper()
	s := &stage{T: t, g: New(o)}
	t.Cleanup(func() { _ = s.g.Close() })
	s.factory, s.asker = s.enter("factory", ada), s.enter("asker", ada)
	s.factory.act("add-types", `,"types":[{"name":"T","owner_type":{"type":"o","name":"O"},"helper_types":[{"type":"h","name":"H","configuration":{"x":1}}],"default_context":{"d":1}}]`)
	s.factory.answer("add-types")
	s.factory.act("add-peer-factories", `,"factories":[{"id":"f1","peer_type":"o"},{"id":"f2","peer_type":"h"}]`)
	s.factory.answer("add-peer-factories")
	return s
}

func (s *stage) create() {
	s.Helper()
	s.asker.act("create", `,"activity_type":"T"`)
	s.activity = s.asker.until("initiated")["activity_id"].(string)
	for range 2 {
		s.tokens = append(s.tokens, s.factory.until("peer-requested")["gateway_token"].(string))
	}
}

// start logs in who was asked for.
func (s *stage) start(i int) *client {
	s.Helper()
	return s.enter(fmt.Sprint("started ", i), fmt.Sprintf(`{"method":"gateway-token","token":%q}`, s.tokens[i]))
}

// gone makes sure that nothing is left of activities.
func (s *stage) gone() {
	s.Helper()
	s.g.mu.Lock()
	defer s.g.mu.Unlock()
	if r := s.g.router; len(r.activities) > 0 || len(r.contexts) > 0 || len(r.tasks) > 0 {
		s.Errorf("%d activities, %d contexts and %d tasks are left", len(r.activities), len(r.contexts), len(r.tasks))
	}
}

func TestActivityEndsWithItsOwner(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.create()
	owner, helper := s.start(0), s.start(1)
	owner.act("ready", "")
	helper.act("ready", "")
	if got := helper.until("joined"); got["peer_name"] != "H" || fmt.Sprint(got["context_snapshot"]) != "map[d:1]" {
		t.Errorf("the helper joins %v", got)
	}
	context := owner.until("joined")["context_id"]
	// Its context is nobody's to destroy, and has no name to find it by.
	owner.send(`{"type":"destroy-context","request_id":"d","peer_id":%q,"context_id":%q}`, owner.id, context)
	refused(t, owner.answer("d"), "global.errors.not_authorized", "destroy")
	_ = owner.conn.Close(wire.CodeNormal, "")
	if got := helper.until("dispose-peer"); got["reason_uri"] != "activity.peer-removed" {
		t.Errorf("the helper is dismissed with %v", got)
	}
	if got := helper.until("destroyed"); got["activity_id"] != s.activity {
		t.Errorf("the helper is told %v", got)
	}
	if got := helper.until("peer-removed"); got["removed_id"] != owner.id {
		t.Errorf("then %v", got)
	}
	s.gone()
}

func TestActivityThatNeverBegins(t *testing.T) {
	t.Parallel()
	t.Run("its asker goes", func(t *testing.T) {
		t.Parallel()
		s := newStage(t, nil)
		s.create()
		helper := s.start(1)
		helper.act("ready", "")
		helper.act("reload", "") // answered after it
		helper.answer("reload")
		s.asker.send(`{"type":"leave","request_id":"l","peer_id":%q,"destination":"activity"}`, s.asker.id)
		s.asker.answer("l")
		helper.until("dispose-peer")
		s.gone()
		// Who comes too late finds nothing to be ready for.
		late := s.start(0)
		late.act("ready", "")
		late.act("join-activity", `,"activity_id":%q,"target_id":%q`, s.activity, late.id)
		refused(t, late.answer("join-activity"), noActivity, s.activity)
	})
	t.Run("who was started goes", func(t *testing.T) {
		t.Parallel()
		s := newStage(t, nil)
		s.create()
		owner, helper := s.start(0), s.start(1)
		owner.act("ready", "")
		owner.act("reload", "")
		owner.answer("reload")
		_ = owner.conn.Close(wire.CodeNormal, "")
		helper.until("peer-removed")
		s.gone()
	})
	t.Run("nobody can start it", func(t *testing.T) {
		t.Parallel()
		s := newStage(t, nil)
		s.factory.act("remove-peer-factories", `,"factory_ids":["f2","none"]`)
		if got := s.asker.until("peer-factories-removed"); fmt.Sprint(got["factory_ids"]) != "[f2]" {
			t.Errorf("told of %v", got)
		}
		s.asker.act("create", `,"activity_type":"T"`)
		refused(t, s.asker.answer("create"), "activity.errors.missing_factory", "for type h")
		s.gone()
	})
}

func TestActivitiesOfOthers(t *testing.T) {
	t.Parallel()
	s := newStage(t, &Options{MaxCalls: 2, MaxMethods: 2})
	s.create()
	eve := s.enter("eve", `{"method":"secret","login":"eve","secret":""}`)
	eve.act("create", `,"activity_type":"T"`)
	refused(t, eve.answer("create"), "activity.errors.missing_type", "T")
	eve.act("destroy", `,"activity_id":%q`, s.activity)
	refused(t, eve.answer("destroy"), noActivity, s.activity)
	eve.act("destroy-peer", `,"destroy_peer_id":%q`, s.asker.id)
	refused(t, eve.answer("destroy-peer"), activityFailure, "Unable to find peer")
	eve.act("create-peer", `,"peer_type":"o"`)
	refused(t, eve.answer("create-peer"), "activity.errors.missing_factory", "for type o")
	s.asker.act("create-peer", `,"peer_type":"o"`)
	refused(t, s.asker.answer("create-peer"), activityFailure, "Maximum")
	s.factory.act("add-peer-factories", `,"factories":[{"id":"f3","peer_type":"o"}]`)
	refused(t, s.factory.answer("add-peer-factories"), activityFailure, "Maximum")
	for _, bad := range []string{`,"factories":[{"id":"f3"}]`, `,"factories":[5]`, `,"factories":5`} {
		s.factory.act("add-peer-factories", "%s", bad)
		refused(t, s.factory.answer("add-peer-factories"), activityFailure, "malformed")
	}
	for _, bad := range []string{`,"types":[{}]`, `,"types":[null]`, `,"types":{}`} {
		s.factory.act("add-types", "%s", bad)
		refused(t, s.factory.answer("add-types"), activityFailure, "malformed")
	}
	outside := join(t, s.g, "outside")
	outside.act("create", `,"activity_type":"T"`)
	refused(t, outside.answer("create"), activityFailure, "in domain :activity-domain")
}
