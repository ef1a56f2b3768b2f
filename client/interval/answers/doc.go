// Package answers answers what actions ask from a document, as it is written
// beforehand: a JSON object from the label of each question to what is answered.
//
// A choice is its value or its label, exactly. A date or a time is its ISO text, a
// file its path, a search its query, whose first hit is taken. Null leaves an
// optional question out. What takes several values (a select of several, a table,
// a spreadsheet, several hits or files) takes one list as one answer: labels or
// values; keys of rows, or the text of a cell that no other row has; records;
// queries; paths. A list of lists is several such answers. For everything else a
// list is several answers, one after the other: for a label that is asked again,
// that stands twice in one form, or whose answer was refused. A label that the
// document lacks takes the default of its component, where it has one. The member
// [ChoiceLabel] names the button, a list of them one for each form with buttons;
// without it the first one is pressed.
//
// [Parse] reads a document, and a [Form] answers one question after the other from
// it. What has to be asked of the host meanwhile, such as the hits of a search or
// further rows, goes through an [Asker]; nothing else is done here.
//
// # Concurrency
//
// A Sheet and its Forms belong to one goroutine.
//
// The package must not import ui or model, nor reach the network or the disk.
package answers
