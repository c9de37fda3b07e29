// Package payqr writes and reads the text of a payment QR code by GOST R
// 56042-2014 (spec §2.7): what a bank's app fills a payment in from. It is text
// only; drawing it is for those who draw.
//
// The code is read by apps that disagree on details, so [Order.Encode] keeps to
// what all of them take: mandatory fields in their order, ASCII keys, short
// names, the sum in kopecks, bytes of the charset that is declared.
package payqr
