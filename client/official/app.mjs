// Applications on the bus, made with one of the vendor's own clients and driven
// from outside.
//
//   node app.mjs glue|io
//
// glue is @glue42/core, io is @interopio/core. Requests come on stdin and
// replies and events go to stdout, one JSON object a line:
//
//   {"id":1,"op":"invoke","method":"Sum","args":{"a":1}}
//   {"id":1,"value":{...}}                  or  {"id":1,"error":{"message":...,"value":...}}
//   {"event":"call","call":3,"method":"Sum","args":{...},"caller":{...}}
//
// "app" in a request is the number of the application that is meant, 0 without
// it; its replies and events carry the same number. The first request with a
// number makes the application, and each has a connection of its own.
//
// What the application answers is for the driver to say: a call of one of its
// methods is an event, settled by the request "answer"; a subscription request
// is an event, settled by "accept" or "reject". {"$date":ms} in a request is a
// Date. Logs of the library go to stderr. The process ends when stdin closes.
//
// IOSCOPE_OFFICIAL names the folder that holds node_modules; without it they
// are looked for beside this file.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

globalThis.console = new console.Console(process.stderr, process.stderr)

const home = process.env.IOSCOPE_OFFICIAL || path.dirname(fileURLToPath(import.meta.url))
const load = createRequire(path.join(home, 'package.json'))
const library = { glue: '@glue42/core', io: '@interopio/core' }[process.argv[2]]
if (!library) {
  process.stderr.write('usage: node app.mjs glue|io\n')
  process.exit(2)
}
const create = load(library)

const say = message => process.stdout.write(JSON.stringify(message) + '\n')

// Things that live on between requests, by the number that the driver knows them by.
const shelf = () => {
  const things = new Map()
  let last = 0
  return {
    put: thing => (things.set(++last, thing), last),
    get(number) {
      if (!things.has(number)) throw new Error(`nothing has number ${number}`)
      return things.get(number)
    },
  }
}
const method = m => ({
  name: m.name,
  displayName: m.displayName,
  description: m.description,
  accepts: m.accepts,
  returns: m.returns,
  objectTypes: m.objectTypes,
  version: m.version,
  supportsStreaming: m.supportsStreaming,
  flags: m.flags,
})
// The own instance carries no application in one of the libraries until it is
// connected, and functions in both: JSON drops what is not there.
const instance = i => (i ? { ...i } : null)
const subscriber = s => ({ branch: s.branchKey, args: s.arguments, instance: instance(s.instance) })

// application makes an application; what it gives are the requests that it knows.
const application = app => {
  let client
  const calls = shelf()
  const requests = shelf()
  const subscribers = shelf()
  const subscriptions = shelf()
  const streams = new Map()
  const tell = (event, fields) => say({ app, event, ...fields })

  const watch = agm => {
    agm.serverAdded(server => tell('serverAdded', { server: instance(server) }))
    agm.serverRemoved((server, reason) => tell('serverRemoved', { server: instance(server), reason }))
    agm.methodAdded(m => tell('methodAdded', { definition: method(m) }))
    agm.methodRemoved(m => tell('methodRemoved', { definition: method(m) }))
    agm.serverMethodAdded(({ server, method: m }) => tell('serverMethodAdded', { server: instance(server), definition: method(m) }))
    agm.serverMethodRemoved(({ server, method: m }) => tell('serverMethodRemoved', { server: instance(server), definition: method(m) }))
  }

  const ops = {
    // start logs in. Without "quiet" contexts and metrics stay on, as they are by default.
    async start({ url, user, application, identity, quiet, config }) {
      client = await create({
        gateway: { ws: url, reconnectInterval: 50 },
        auth: { username: user, password: 'secret' },
        ...(application && { application }),
        ...(identity && { identity }),
        ...(quiet && { contexts: false, metrics: false }),
        ...config,
      })
      client.connection.disconnected(() => tell('disconnected', {}))
      client.connection.connected(() => tell('connected', {}))
      watch(client.agm)
      // What is there already is told by timers; nothing new may come before.
      await new Promise(resolve => setTimeout(resolve, 0))
      return { version: create.version, peerId: client.connection.peerId, instance: instance(client.agm.instance) }
    },

    register: ({ definition, name }) =>
      client.agm
        .register(
          definition ?? name,
          (args, caller) =>
            new Promise((resolve, reject) => {
              const call = calls.put({ resolve, reject })
              tell('call', { call, method: name ?? definition.name, args, caller: instance(caller) })
            })
        )
        .then(() => null),
    answer({ call, value, error, thrown }) {
      const { resolve, reject } = calls.get(call)
      if (thrown !== undefined) reject(thrown)
      else if (error !== undefined) reject(new Error(error))
      else resolve(value)
    },
    unregister: ({ name }) => client.agm.unregister(name).then(() => null),

    invoke: ({ method: name, args, target, options }) => client.agm.invoke(name, args, target, options),

    // createStream accepts every subscriber by itself unless "asks" is set.
    async createStream({ definition, name, asks }) {
      const label = name ?? definition.name
      const stream = await client.agm.createStream(definition ?? name, {
        ...(asks && {
          subscriptionRequestHandler: request =>
            tell('request', {
              request: requests.put(request),
              stream: label,
              args: request.arguments,
              instance: instance(request.instance),
            }),
        }),
        subscriptionAddedHandler: s => tell('subscribed', { stream: label, subscriber: subscribers.put(s), ...subscriber(s) }),
        // The libraries give another object here than when it was added.
        subscriptionRemovedHandler: s => tell('unsubscribed', { stream: label, ...subscriber(s) }),
      })
      streams.set(label, stream)
      return null
    },
    accept({ request, branch }) {
      if (branch === undefined) requests.get(request).accept()
      else requests.get(request).acceptOnBranch(branch)
    },
    reject: ({ request, reason }) => requests.get(request).reject(reason),
    push: ({ stream, data, branches }) => streams.get(stream).push(data, branches),
    pushBranch: ({ stream, branch, data }) => streams.get(stream).branch(branch).push(data),
    pushOne: ({ subscriber: number, data }) => subscribers.get(number).push(data),
    subscribers: ({ stream }) => streams.get(stream).subscriptions().map(subscriber),
    branches: ({ stream }) => streams.get(stream).branches().map(b => b.key),
    closeSubscriber: ({ subscriber: number }) => subscribers.get(number).close(),
    closeBranch: ({ stream, branch }) => streams.get(stream).branch(branch).close(),
    closeStream: ({ stream }) => streams.get(stream).close(),

    async subscribe({ method: name, args, target, options }) {
      // Callbacks may run before the promise resolves, so the number comes first.
      const slot = { sub: null }
      const number = subscriptions.put(slot)
      slot.sub = await client.agm.subscribe(name, {
        arguments: args,
        target,
        ...options,
        onData: d =>
          tell('data', { subscription: number, data: d.data, private: d.private, server: instance(d.server), args: d.requestArguments }),
        onClosed: info => tell('closed', { subscription: number, message: info?.message, server: instance(info?.server) }),
        onConnected: (server, again) => tell('accepted', { subscription: number, server: instance(server), again: !!again }),
      })
      return { subscription: number, servers: slot.sub.servers.map(instance) }
    },
    publishers: ({ subscription }) => subscriptions.get(subscription).sub.servers.map(instance),
    unsubscribe: ({ subscription }) => subscriptions.get(subscription).sub.close(),

    servers: ({ filter }) => client.agm.servers(filter).map(instance),
    methods: ({ filter }) => client.agm.methods(filter).map(method),
    methodsForInstance: ({ filter }) => client.agm.methodsForInstance(filter).map(method),
    serversOf: ({ name }) => client.agm.methods(name)[0].getServers().map(instance),
    offers({ peerId }) {
      const server = client.agm.servers().find(s => s.peerId === peerId)
      return { methods: server.getMethods().map(method), streams: server.getStreams().map(method) }
    },
    waitForMethod: ({ name }) => client.agm.waitForMethod(name).then(method),

    setContext: ({ name, data }) => client.contexts.set(name, data).then(() => null),
    getContext: ({ name }) => client.contexts.get(name),

    done: () => client.done().then(() => null),
  }

  return ops
}

const revive = (key, value) =>
  value && typeof value === 'object' && typeof value.$date === 'number' ? new Date(value.$date) : value
const fault = err => ({
  message: typeof err === 'string' ? err : (err?.message ?? JSON.stringify(err) ?? String(err)),
  value: typeof err === 'object' ? err : undefined,
})

// Requests are started in their order but not awaited: an invocation may well
// wait for an answer that a later request gives.
const applications = new Map()
const input = createInterface({ input: process.stdin, crlfDelay: Infinity })
input.on('line', async line => {
  const { id, app = 0, op, ...rest } = JSON.parse(line, revive)
  try {
    if (!applications.has(app)) applications.set(app, application(app))
    const ops = applications.get(app)
    if (!ops[op]) throw new Error(`no such request: ${op}`)
    const value = await ops[op](rest)
    say({ app, id, value: value === undefined ? null : value })
  } catch (err) {
    say({ app, id, error: fault(err) })
  }
})
input.on('close', () => process.exit(0))
