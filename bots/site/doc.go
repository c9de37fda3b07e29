// Package site hands personal documents over on the company's own pages: one
// reaches a customer of a messenger only as an address that is good
// once (spec §3.6), and that address leads here.
//
// A messenger fetches every address in a chat to show a preview. So to look at
// the page (GET) uses nothing up and tells nothing of the document; the button
// (POST) hands it over.
package site
