// Package files keeps attachments and letters so that whoever holds the
// database alone can read none of them, and change none unnoticed.
//
// Every file has a key of its own; the Ring wraps it with the newest of the
// company's keys (envelope encryption, AES-256-GCM, NIST SP 800-38D). The file
// is cut into pieces of 256 KiB, each sealed with the file's key under a nonce
// that holds its number and whether it is the last (as in STREAM, Hoang,
// Reyhanitabar, Rogaway and Vizár 2015), with the file's ID as additional data:
// a piece that is changed, moved, missing or another file's does not open. To
// change the company's key, only the small wrapped keys are written anew.
//
// What a file is follows from its content, never from what its sender says of
// it. The store serves nothing itself: links.go makes addresses that are good
// once, and a surface answers them.
package files
