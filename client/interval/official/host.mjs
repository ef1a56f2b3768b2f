// A host made with Interval's own SDK, for the tests of the runner: between them its
// actions use every component that the SDK offers, and those that it hides.
//
//   node host.mjs ws://127.0.0.1:PORT/websocket
//
// INTERVAL_RETRY is how long it waits before it dials again, in milliseconds, and for
// its welcome. Default: 100, and what the SDK waits for the welcome.
//
// IOSCOPE_OFFICIAL names the folder with node_modules. The line "ready" on stdout says
// that the runner has accepted the host. It goes when its stdin ends.
import { createRequire } from 'node:module'
import path from 'node:path'

const load = createRequire(path.join(process.env.IOSCOPE_OFFICIAL, 'x.js'))
const { Interval, Action, Page, Layout, IOError } = load('@interval/sdk')
const { IOClient } = load('@interval/sdk/dist/classes/IOClient')

// Three displays are in the schema and not in the public object.
const makeIO = Object.getOwnPropertyDescriptor(IOClient.prototype, 'io').get
Object.defineProperty(IOClient.prototype, 'io', {
  configurable: true,
  get() {
    const make = name => this.createIOMethod(name)
    return {
      ...makeIO.call(this),
      hidden: {
        steps: make('DISPLAY_PROGRESS_STEPS'),
        spinner: make('DISPLAY_PROGRESS_INDETERMINATE'),
        list: make('DISPLAY_PROGRESS_THROUGH_LIST'),
      },
    }
  },
})

const day = n => new Date(Date.UTC(2024, 0, n))
const parts = Array.from({ length: 30 }, (_, i) => ({
  id: i + 1,
  sku: `SKU-${String(i + 1).padStart(3, '0')}`,
  qty: (i * 7) % 23,
  made: day(i + 1),
}))
const crowd = Array.from({ length: 700 }, (_, i) => ({ n: i, name: `row ${i}` }))
const find = async q => parts.filter(p => p.sku.includes(q)).slice(0, 5)
const show = p => ({ label: p.sku, description: `qty ${p.qty}` })
const pause = ms => new Promise(done => setTimeout(done, ms))
const runs = {}
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

const page = rows => async ({ queryTerm, sortColumn, sortDirection, offset, pageSize }) => {
  let found = rows.filter(r => !queryTerm || JSON.stringify(r).includes(queryTerm))
  if (sortColumn) {
    const sign = sortDirection === 'desc' ? -1 : 1
    found = [...found].sort((a, b) => (a[sortColumn] < b[sortColumn] ? -sign : sign))
  }
  return { data: found.slice(offset, offset + pageSize), totalRecords: found.length }
}

class OutOfStock extends Error {
  constructor(message, options) {
    super(message, options)
    this.name = 'OutOfStock'
  }
}

const routes = {
  inputs: async io => {
    const v = await io.group({
      text: io.input.text('Text', { minLength: 3, maxLength: 20 }),
      notes: io.input.text('Notes', { multiline: true, lines: 4 }).optional(),
      email: io.input.email('Email'),
      number: io.input.number('Number', { min: 1, max: 10 }),
      cash: io.input.number('Cash', { currency: 'EUR', min: 0.01 }),
      slider: io.input.slider('Slider', { min: 0, max: 11, step: 0.5, defaultValue: 3 }),
      url: io.input.url('Address', { allowedProtocols: ['https'] }),
      yes: io.input.boolean('Yes?'),
      rich: io.input.richText('Rich', { defaultValue: '<p>Hello</p>' }),
      date: io.input.date('Date', { min: { year: 2024, month: 1, day: 1 } }),
      time: io.input.time('Time', { max: { hour: 18, minute: 30 } }),
      moment: io.input.datetime('Moment'),
      fixed: io.input.number('Fixed', { defaultValue: 3, disabled: true }),
    })
    return { ...v, url: v.url.href, date: v.date.day, time: v.time.minute, moment: v.moment.hour, notes: v.notes === undefined }
  },
  sheet: async io => {
    const rows = await io.experimental.spreadsheet('Rows', {
      columns: { name: 'string', qty: 'number', note: 'string?', ok: 'boolean' },
      defaultValue: [{ name: 'bolt', qty: 3, note: null, ok: true }],
    })
    return JSON.stringify(rows)
  },
  selects: async io => {
    const v = await io.group({
      plan: io.select.single('Plan', { options: [{ label: 'Basic', value: 'basic', extra: 42 }, { label: 'Pro', value: 'pro' }] }),
      bare: io.select.single('Bare', { options: [1, 2, 3] }),
      day: io.select.single('Day', { options: [day(1), day(2)] }),
      tags: io.select.multiple('Tags', { options: ['red', 'green', 'blue'], minSelections: 1, maxSelections: 2 }),
    })
    return { plan: v.plan.extra, bare: v.bare, day: v.day, tags: v.tags.join() }
  },
  table: async io => {
    const rows = await io.select.table('Orders', {
      data: parts,
      minSelections: 1,
      maxSelections: 3,
      columns: ['id', { label: 'Stock', accessorKey: 'sku', renderCell: p => ({ label: p.sku, url: `https://shop.example.test/${p.id}`, highlightColor: 'green' }) }, { label: 'Level', renderCell: p => (p.qty > 10 ? 'high' : 'low') }],
      rowMenuItems: p => [{ label: 'Open', route: 'echo', params: { id: p.id } }],
    })
    return rows.map(r => r.sku).join()
  },
  search: async (io, ctx) => {
    const one = await io.search('Part', { onSearch: find, renderResult: show, initialResults: parts.slice(0, 2) })
    await ctx.log('found', one.sku)
    const many = await io.search('Parts', { onSearch: find, renderResult: show }).multiple({ defaultValue: [parts[4]] })
    return [one, ...many].map(p => p.sku).join()
  },
  displays: async io => {
    await io.display.heading('Head', { level: 3, description: 'Sub', menuItems: [{ label: 'Edit', route: 'echo', params: { id: 7 } }, { label: 'Off', disabled: true }] })
    await io.display.markdown('# Title')
    await io.display.code('Code', { code: 'fmt.Println()', language: 'go' })
    await io.display.html('HTML', { html: '<b>bold</b>' })
    await io.display.image('Pixel', { buffer: pixel, alt: 'one pixel', size: 'small' })
    await io.display.video('Clip', { url: 'https://img.example.test/a.mp4', loop: true, muted: true })
    await io.group([io.display.link('Docs', { url: 'https://docs.example.test' }), io.display.link('Again', { route: 'echo', params: { when: day(1) } })])
    await io.display.object('Object', { data: { when: day(1), big: 12n, map: new Map([['a', 1]]), set: new Set(['p']), undef: undefined, deep: [[{ end: 1 }]] } })
    await io.display.metadata('Facts', { layout: 'card', data: [{ label: 'Now', value: 'ready' }, { label: 'Later', value: pause(30).then(() => 'done') }] })
    await io.display.table('Few', { data: parts.slice(0, 3), orientation: 'vertical' })
    await io.display.table('Many', { data: crowd })
    await io.display.table('Paged', { getData: page(parts), defaultPageSize: 4 })
    await io.display.grid('Cards', { data: parts.slice(0, 3), renderItem: p => ({ label: p.sku, description: `qty ${p.qty}`, image: { url: 'https://img.example.test/1.png', fit: 'contain', aspectRatio: 1 }, menu: [{ label: 'Open', route: 'echo' }] }) })
    await io.display.grid('Paged cards', { getData: page(parts), defaultPageSize: 3, renderItem: p => ({ label: p.sku }) })
    await io.hidden.steps('Import', { steps: { completed: 1, total: 4 }, currentStep: 'Read' })
    await io.hidden.spinner('Tidying')
    await io.hidden.list('Summary', { items: [{ label: 'Read', isComplete: true, resultDescription: 'ok' }, { label: 'Write', isComplete: false, resultDescription: null }] })
    return (await io.input.text('End')) + '!'
  },
  uploads: async io => {
    const one = await io.input.file('Text file', { allowedExtensions: ['.txt', 'csv'] })
    const more = await io.input.file('More').multiple().optional()
    const text = await one.text()
    return { name: one.name, size: one.size, text, more: (await Promise.all(more.map(f => f.text()))).join() }
  },
  storage: async (io, ctx) => {
    const base = `${ctx.params.storage}/`
    const file = await io.input.file('Own storage', {
      generatePresignedUrls: async ({ name }) => ({ uploadUrl: base + name, downloadUrl: base + name }),
    })
    return file.text()
  },
  confirms: async io => ({
    no: await io.confirm('Delete?', { helpText: 'It **cannot** be undone.' }),
    me: await io.confirmIdentity('Who?', { gracePeriodMs: 1000 }),
  }),
  wizard: async io => {
    const seen = []
    for (;;) {
      const { choice, returnValue } = await io
        .group({ head: io.display.heading('Step'), name: io.input.text('Project') })
        .withChoices([{ label: 'Next', value: 'next' }, { label: 'Give up', value: 'quit', theme: 'danger' }])
        .validate(({ choice, returnValue }) => (choice === 'next' && returnValue.name === 'bad' ? 'Not that.' : undefined))
      seen.push(`${choice} ${returnValue.name}`)
      if (seen.length === 2) return seen.join()
    }
  },
  validates: async io => io.input.text('Code').validate(async s => (s.startsWith('A') ? undefined : 'Must start with A')),
  echo: async (io, ctx) => ({ params: ctx.params, user: ctx.user.email, environment: ctx.environment, organization: ctx.organization.slug, action: ctx.action.slug }),
  work: async (io, ctx) => {
    await ctx.loading.start({ label: 'Working', itemsInQueue: 3 })
    for (let i = 0; i < 3; i++) {
      await pause(40)
      await ctx.log(`item ${i}`, { i })
      await ctx.loading.completeOne()
    }
    await pause(120)
    await ctx.notify({ title: 'Done', message: 'All done', delivery: [{ to: 'ops@example.test', method: 'EMAIL' }], idempotencyKey: 'once' })
    await ctx.redirect({ route: 'echo', params: { from: 'work', n: 1 } })
    return 'worked'
  },
  fail: async io => {
    const how = await io.select.single('How?', { options: ['class', 'string', 'props', 'credentials'] })
    if (how === 'string') throw 'only a string'
    if (how === 'props') await io.display.code('No code', {})
    if (how === 'credentials') await io.experimental.credentials('shop')
    throw new OutOfStock('No bolts left', { cause: new RangeError('3 wanted') })
  },
  login: async io => {
    const { token, secret } = await io.experimental.credentials('calendar')
    return `${token}:${secret}`
  },
  grow: async io => {
    interval.routes.add('late', new Action({ name: 'The late one', handler: async () => 'late' }))
    return io.confirm('Grown?')
  },
  cancel: async (io, ctx) => {
    try {
      return await io.input.text('Wait')
    } catch (err) {
      if (!(err instanceof IOError) || err.kind !== 'CANCELED') throw err
      await ctx.log('tidied up')
      return { canceled: true }
    }
  },
  journey: async (io, ctx) => {
    runs[ctx.params.run] = (runs[ctx.params.run] ?? 0) + 1
    await ctx.log('begun')
    const name = await io.input.text('Name').validate(s => (s === 'first' ? 'Once more.' : undefined))
    await io.display.heading('Shown')
    const hit = await io.search('Find', { onSearch: find, renderResult: show })
    await ctx.log('found', hit.sku)
    await ctx.loading.start({ label: 'Working', itemsInQueue: 2 })
    await pause(120)
    const sure = await io.confirm('Sure?')
    await ctx.log('over')
    return `${name} ${hit.sku} ${sure}`
  },
  ran: async (io, ctx) => runs[ctx.params.run] ?? 0,
  parallel: async io => (await Promise.all([io.input.text('A'), io.input.text('B')])).join(),
  errand: async (io, ctx) => {
    const name = await io.input.text('Name')
    await io.display.heading('Shown')
    await ctx.log('busy')
    await pause(Number(ctx.params.pause ?? 0))
    return `${name} ${await io.confirm('Sure?')}`
  },
  queued: async (io, ctx) => {
    const { id } = await interval.enqueue('echo', { assignee: 'ops@example.test', params: { id: 1, when: day(1) } })
    if (ctx.params.leave) {
      await io.confirm('Taken?')
      return interval.dequeue(id).then(() => 'still there', () => 'gone')
    }
    const got = await interval.dequeue(id)
    return { same: got.id === id, when: got.params.when, assignee: got.assignee }
  },
  reports: new Page({
    name: 'Reports',
    description: 'All of them',
    handler: async (display, ctx) =>
      new Layout({
        title: `Reports of ${ctx.params.team}`,
        description: async () => (await pause(30), 'counted'),
        menuItems: [{ label: 'New', route: 'reports/create', theme: 'primary' }],
        children: [
          display.heading('Top'),
          display.table('Stock', { data: crowd }),
          display.table('Paged', { getData: page(parts), defaultPageSize: 5 }),
        ],
      }),
    routes: { create: { name: 'Create a report', handler: async () => 'created' } },
  }),
  broken: new Page({ name: 'Broken', handler: async () => { throw new TypeError('page broke') } }),
  empty: new Page({ name: 'Empty', handler: async () => {} }),
}

for (const [slug, handler] of Object.entries(routes)) {
  if (typeof handler === 'function') routes[slug] = new Action({ name: `The ${slug}`, backgroundable: slug === 'work', handler })
}

// Renders that find no connection throw where nobody catches; that is not what is tested here.
process.on('uncaughtException', () => {}).on('unhandledRejection', () => {})

const retry = Number(process.env.INTERVAL_RETRY ?? 0)
const interval = new Interval({
  apiKey: process.env.INTERVAL_API_KEY ?? 'key',
  endpoint: process.argv[2],
  logLevel: 'quiet',
  retryIntervalMs: retry || 100,
  connectTimeoutMs: retry || undefined,
  routes,
})

process.stdin.resume().on('end', () => process.exit(0))
interval.listen().then(
  () => console.log('ready'),
  err => {
    console.log(`refused ${err.message}`)
  }
)
