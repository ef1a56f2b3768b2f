// The vendor's own gateway on a free port of the loopback interface.
//
//   node gateway.cjs [PORT]
//
// Prints one line of JSON, {"url":"ws://127.0.0.1:PORT/gw"}, when it accepts
// connections. Everything that the gateway logs goes to stderr. It ends when
// stdin closes, so that it can't outlive the test that started it.
//
// IOSCOPE_OFFICIAL names the folder that holds node_modules; without it they
// are looked for beside this file.
'use strict'

const path = require('node:path')
const net = require('node:net')
const { createRequire } = require('node:module')

const from = createRequire(path.join(process.env.IOSCOPE_OFFICIAL || __dirname, 'package.json'))
const gatewayWS = from('@glue42/gateway-ws')

// The gateway neither takes an address to bind to nor tells which port it got,
// so its one listening socket is bound and remembered here.
const port = Number(process.argv[2] || 0)
const listen = net.Server.prototype.listen
let listening
net.Server.prototype.listen = function (...args) {
  listening = this
  return listen.call(this, { port, host: '127.0.0.1' }, ...args.filter(arg => typeof arg === 'function'))
}

gatewayWS.configure_logging({
  level: process.env.IOSCOPE_GATEWAY_LOG || 'warn',
  appender: line => process.stderr.write(line.output + '\n'),
})

const gateway = gatewayWS.create({ port: port || 3434 })
gateway.start().then(() => {
  process.stdout.write(JSON.stringify({ url: `ws://127.0.0.1:${listening.address().port}/gw` }) + '\n')
})

// Open sockets would keep the process alive, and nobody waits for a farewell.
process.stdin.on('end', () => process.exit(0)).resume()
