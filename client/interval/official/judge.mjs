// A runner made of the SDK's own classes: it holds a host against the schemas that
// the real server applies. Each line on stdout is JSON: the port first, then every
// call of the host ("call"), and whatever breaks a schema ("wrong").
//
// Each line on stdin is a call to the host: {"method", "inputs"}; its answer comes
// as "answer". It goes when its stdin ends.
import { createRequire } from 'node:module'
import path from 'node:path'
import readline from 'node:readline'

const load = createRequire(path.join(process.env.IOSCOPE_OFFICIAL, 'x.js'))
const { WebSocketServer } = load('ws')
const ISocket = load('@interval/sdk/dist/classes/ISocket').default
const { DuplexRPCClient } = load('@interval/sdk/dist/classes/DuplexRPCClient')
const { wsServerSchema, hostSchema } = load('@interval/sdk/dist/internalRpcSchema')
const { IO_RENDER, ioSchema } = load('@interval/sdk/dist/ioSchema')
const superjson = load('superjson').default ?? load('superjson')

const say = line => process.stdout.write(JSON.stringify(line) + '\n')
// The SDK's classes print what violates a schema, and go on.
console.error = (...args) => say({ wrong: args.map(a => a?.stack ?? (typeof a === 'string' ? a : JSON.stringify(a))).join(' ') })

function judge(text) {
  const render = IO_RENDER.parse(JSON.parse(text))
  for (const { methodName, props, propsMeta } of render.toRender) {
    const rich = propsMeta ? superjson.deserialize({ json: props, meta: propsMeta }) : props
    ioSchema[methodName].props.parse(rich)
  }
}

const answers = {
  INITIALIZE_HOST: () => ({ type: 'success', environment: 'development', invalidSlugs: [], organization: { name: 'Org', slug: 'org' }, dashboardUrl: 'http://127.0.0.1', sdkAlert: null, warnings: [] }),
  SEND_IO_CALL: ({ ioCall }) => (judge(ioCall), true),
  SEND_PAGE: ({ page }) => {
    const children = page && JSON.parse(page).children
    if (children) judge(JSON.stringify(children))
    return true
  },
  BEGIN_HOST_SHUTDOWN: () => ({ type: 'success' }),
}

let rpc
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/websocket' })
server.on('listening', () => say({ port: server.address().port }))
server.on('connection', async (ws, request) => {
  say({ key: request.headers['x-api-key'], instance: request.headers['x-instance-id'] })
  const socket = new ISocket(ws)
  const handlers = {}
  for (const method of Object.keys(wsServerSchema)) {
    handlers[method] = async inputs => {
      const answer = answers[method]?.(inputs) ?? true
      say({ call: method, inputs })
      return answer
    }
  }
  rpc = new DuplexRPCClient({ communicator: socket, canCall: hostSchema, canRespondTo: wsServerSchema, handlers })
  ws.on('close', (code, reason) => say({ closed: code, reason: String(reason) }))
  await socket.confirmAuthentication()
})

const lines = readline.createInterface({ input: process.stdin })
lines.on('line', async line => {
  const { method, inputs } = JSON.parse(line)
  try {
    say({ answer: method, value: (await rpc.send(method, inputs)) ?? null })
  } catch (err) {
    say({ wrong: String(err) })
  }
})
lines.on('close', () => process.exit(0))
