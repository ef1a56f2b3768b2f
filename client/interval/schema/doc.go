// Package schema is the vocabulary of the Interval protocol: what a host asks a
// person for, in which shape the answers travel, and which answers are good.
//
// A [Render] is one step of a transaction: a list of [Component], each with
// typed [Props]. An [IOResponse] answers it. A [Layout] is a page, a [Result]
// the end of a transaction. The SDK checks little of what comes back, so that
// whoever shows a form is the only guard: see [Check] and [CheckAll].
//
// # Values
//
// The protocol carries more than JSON says: dates, undefined, big integers,
// sets and maps, told in notes beside the JSON (superjson). Here such a value
// is an any that holds one of: nil, bool, json.Number, string, time.Time,
// *big.Int, [Undefined], [URL], [Regexp], [List], [Record], [Set] or [Map]. Records
// keep the order of their keys, numbers all their digits. [ValueOf] makes one of
// ordinary Go values, [Into] makes Go values of one.
//
// # Concurrency
//
// Everything here is plain data and pure functions; nothing is locked. The
// package imports the standard library alone and must stay so.
package schema
