// Package questions answers what customers ask (R-5.1.2-q, R-5.2.4-a): an Ear
// tells which article or scenario a free text means.
package questions
