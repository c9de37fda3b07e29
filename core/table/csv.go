package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes rows for a spreadsheet: UTF-8 with its mark, semicolons, which
// Russian spreadsheets expect, lines as RFC 4180 has them. A cell that a
// spreadsheet would run as a formula is written as the text it is: see Inert.
func WriteCSV(w io.Writer, columns []string, rows [][]string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = ';', true
	for _, row := range append([][]string{columns}, rows...) {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = Inert(cell)
		}
		if err := c.Write(safe); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	c.Flush()
	return c.Error()
}

// Inert returns a cell that no spreadsheet runs as a formula: what begins like
// one, and is no number, gets an apostrophe before it.
func Inert(cell string) string {
	const starts = "=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20" // and their wide forms
	plain := strings.TrimLeft(cell, " \u00a0")
	if plain == "" || !strings.ContainsRune(starts, []rune(plain)[0]) {
		return cell
	}
	if _, err := strconv.ParseFloat(strings.ReplaceAll(cell, ",", "."), 64); err == nil && strings.Trim(cell, "+-0123456789.,") == "" {
		return cell
	}
	return "'" + cell
}

// Live returns the cell that Inert was given.
func Live(cell string) string {
	if bare, ok := strings.CutPrefix(cell, "'"); ok && Inert(bare) == cell {
		return bare
	}
	return cell
}
